package io.aisle.core.model;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.onnx.TinyDistilBert;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The parts of a bundle of three labels and a few thousand weights. */
final class TinyBundle {
    static final List<CategoryPath> LABELS = List.of(
            CategoryPath.of("Home", "Lighting > Lamps"),
            CategoryPath.of("Grocery", "Café"),
            CategoryPath.of("Tools", "other"));
    static final Vocabulary VOCABULARY = vocabulary();
    static final NetworkDefinition MODEL = model(TinyDistilBert.config(VOCABULARY.size(), 24, Pooling.MEAN));
    static final Map<String, Tensor> WEIGHTS = TinyDistilBert.weights(MODEL.network(), LABELS.size(), 11);
    static final Provenance PROVENANCE = Provenance.of(
            "catalog-77",
            Map.of("weights", 11L),
            Map.of("epochs", "3"),
            Map.of("onnxruntime", "1.19.2", "djl", "0.35.1"));
    static final double ACCEPT_THRESHOLD = 0.75;

    private TinyBundle() {}

    static BundleWriter write(Path directory) {
        return BundleWriter.write(directory, MODEL, VOCABULARY, WEIGHTS, Scaling.temperature(1.5f));
    }

    static ModelBundle finish(BundleWriter writer) {
        return writer.finish(PROVENANCE, Map.of("accuracy", 0.5, "auc", Double.NaN), ACCEPT_THRESHOLD, 0.92);
    }

    static NetworkDefinition model(DistilBertConfig network) {
        return NetworkDefinition.of(
                TextRecipe.standard(), 24, LABELS, Map.of("Tools > Anvils", "Tools > other"), network);
    }

    static Product product(String title, String description) {
        return new Product("id", title, "", description, "");
    }

    private static Vocabulary vocabulary() {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (char c = 'a'; c <= 'z'; c++) {
            pieces.add(String.valueOf(c));
            pieces.add("##" + c);
        }
        pieces.addAll(List.of("lamp", "drill", "tea", "-", ",", "0", "1", "2"));
        return Vocabulary.of(pieces);
    }
}
