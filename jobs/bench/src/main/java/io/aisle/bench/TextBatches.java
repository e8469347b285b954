package io.aisle.bench;

import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.DistilBertClassifier;
import io.aisle.core.model.LengthBatches;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.WordPieceTokenizer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Products as a bundle's own classifier feeds them to its network, for other networks to be fed likewise. One thread. */
final class TextBatches {
    private final BundledNetwork network;
    private final TextRecipe recipe;
    private final WordPieceTokenizer tokenizer;

    TextBatches(ModelBundle bundle) {
        network = bundle.network("measure", "Give a bundle with a network.");
        recipe = bundle.recipe();
        tokenizer = new WordPieceTokenizer(network.vocabulary());
    }

    /** The network's file. */
    Path model() {
        return network.modelFile();
    }

    /** The ids of each product's text. */
    List<int[]> ids(List<Product> products) {
        return products.stream()
                .map(product -> recipe.fit(product, tokenizer, network.model().maxTokens())
                        .ids())
                .toList();
    }

    /** The distinct texts in batches. */
    List<List<int[]>> of(List<Product> products) {
        return batches(ids(products).stream().map(IntBuffer::wrap).toList()).stream()
                .map(batch -> batch.stream().map(IntBuffer::array).toList())
                .toList();
    }

    /** What a network makes of products, in their order. */
    List<float[]> read(List<Product> products, Function<List<int[]>, float[][]> run) {
        List<IntBuffer> texts = ids(products).stream().map(IntBuffer::wrap).toList();
        Map<IntBuffer, float[]> answers = new HashMap<>();
        for (List<IntBuffer> batch : batches(texts)) {
            float[][] outputs = run.apply(batch.stream().map(IntBuffer::array).toList());
            for (int i = 0; i < outputs.length; i++) {
                answers.put(batch.get(i), outputs[i]);
            }
        }
        return texts.stream().map(answers::get).toList();
    }

    private static List<List<IntBuffer>> batches(List<IntBuffer> texts) {
        return LengthBatches.of(texts.stream().distinct().toList(), DistilBertClassifier.BATCH_SIZE);
    }
}
