package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.DistilBertWeights;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles whose labels have scales and offsets, and what manifests say of them. */
class ScaledBundlesTest {
    private static final Scaling BY_LABEL = new Scaling(1.5f, List.of(0.5f, 1.25f, 2f), List.of(-0.5f, 0.125f, 0.25f));

    private static final List<Product> PRODUCTS =
            List.of(TinyBundle.product("lamp, tea", "drill"), TinyBundle.product("tea", ""));

    @TempDir
    Path directory;

    @Test
    void networkIsScaledBeforeItIsNormalised() {
        // the last label's score is 0 before the log-softmax, so that the others' can be read off the log-probabilities
        Map<String, Tensor> weights = new HashMap<>(TinyBundle.WEIGHTS);
        zeroLastLabel(weights, DistilBertWeights.CLASSIFIER + ".weight");
        zeroLastLabel(weights, DistilBertWeights.CLASSIFIER + ".bias");

        List<float[]> plain = network(weights, Scaling.NONE, "plain");
        List<float[]> scaled = network(weights, BY_LABEL, "scaled");

        for (int i = 0; i < PRODUCTS.size(); i++) {
            float last = plain.get(i)[2];
            float[] raw = {plain.get(i)[0] - last, plain.get(i)[1] - last, 0};
            assertThat(Softmax.of(scaled.get(i))).containsExactly(Softmax.of(BY_LABEL.of(raw)), within(1e-5f));
        }
        assertThat(ModelBundle.open(directory.resolve("scaled")).manifest().scaling())
                .isEqualTo(BY_LABEL);
    }

    private static void zeroLastLabel(Map<String, Tensor> weights, String name) {
        Tensor tensor = weights.get(name);
        float[] values = tensor.values().clone();
        for (int i = values.length / 3 * 2; i < values.length; i++) {
            values[i] = 0;
        }
        weights.put(name, new Tensor(tensor.shape(), values));
    }

    private List<float[]> network(Map<String, Tensor> weights, Scaling scaling, String name) {
        TinyBundle.finish(
                BundleWriter.write(directory.resolve(name), TinyBundle.MODEL, TinyBundle.VOCABULARY, weights, scaling));
        return logits(name);
    }

    private List<float[]> logits(String name) {
        try (Classifier classifier = ModelBundle.open(directory.resolve(name)).classifier(1)) {
            return classifier.logits(PRODUCTS);
        }
    }

    @Test
    void graphOfATemperatureIsThatOfNoScales() {
        assertThat(DistilBertGraph.build(TinyBundle.MODEL.network(), TinyBundle.WEIGHTS, 1.5f, List.of(), List.of()))
                .isEqualTo(DistilBertGraph.build(TinyBundle.MODEL.network(), TinyBundle.WEIGHTS, 1.5f));
    }

    @Test
    void linearIsScaledByLabelAfterTheTemperatureOfItsLevels() {
        TinyLinear.finish(TinyLinear.write(directory.resolve("plain")));
        LinearDefinition model = TinyLinear.MODEL;
        LinearDefinition scaled = new LinearDefinition(
                model.recipe(),
                model.labels(),
                model.foldMap(),
                model.ngrams(),
                model.features(),
                model.levels().stream()
                        .map(level -> level.dividedBy(BY_LABEL.temperature()))
                        .toList(),
                BY_LABEL.afterTemperature());
        TinyLinear.finish(BundleWriter.write(directory.resolve("scaled"), scaled, TinyLinear::writeContent, BY_LABEL));

        List<float[]> before = logits("plain");
        List<float[]> after = logits("scaled");

        for (int i = 0; i < PRODUCTS.size(); i++) {
            assertThat(after.get(i)).containsExactly(BY_LABEL.of(before.get(i)), within(1e-6f));
        }
        assertThat(ModelBundle.open(directory.resolve("scaled")).manifest().model())
                .isEqualTo(scaled);
    }

    @Test
    void manifestsOfATemperatureAreAsTheyWereBeforeThereWereScales() {
        assertThat(json(trees(Scaling.temperature(1.5f)), Scaling.temperature(1.5f)))
                .contains("\"leaves\" : \"LOGITS\",\n    \"temperature\" : 1.5\n")
                .contains("  \"temperature\" : 1.5,\n  \"acceptThreshold\"");
        assertThat(json(mlp(Scaling.temperature(1.5f)), Scaling.temperature(1.5f)))
                .contains("    \"temperature\" : 1.5\n");
        assertThat(json(TinyLinear.MODEL, Scaling.temperature(1.5f))).doesNotContain("scaling");
    }

    @Test
    void manifestsOfScalesComeBackAsTheyWere() {
        for (ModelDefinition model : List.of(
                trees(BY_LABEL), mlp(BY_LABEL), trees(Scaling.temperature(2)), TinyLinear.MODEL, TinyBundle.MODEL)) {
            ModelManifest read =
                    ManifestJson.read(json(model, BY_LABEL).getBytes(StandardCharsets.UTF_8), "read a manifest");

            assertThat(read.model()).isEqualTo(model);
            assertThat(read.scaling()).isEqualTo(BY_LABEL);
        }
    }

    private static TreesDefinition trees(Scaling scaling) {
        return new TreesDefinition(
                TextRecipe.standard(),
                TinyBundle.LABELS,
                ModelDefinition.sorted(Map.of()),
                words(),
                7,
                "xgboost",
                3,
                TreesDefinition.Leaves.LOGITS,
                scaling);
    }

    private static MlpDefinition mlp(Scaling scaling) {
        return new MlpDefinition(
                TextRecipe.standard(),
                TinyBundle.LABELS,
                ModelDefinition.sorted(Map.of()),
                words(),
                List.of(7, 3),
                scaling);
    }

    private static NgramSettings words() {
        return new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>());
    }

    private static String json(ModelDefinition model, Scaling scaling) {
        ModelManifest manifest = new ModelManifest(
                ModelManifest.FORMAT_VERSION,
                model,
                new TreeMap<>(),
                TinyBundle.PROVENANCE,
                new TreeMap<>(),
                TrainingSummary.NONE,
                scaling,
                0.5,
                0.9,
                List.of());
        return new String(ManifestJson.write(manifest), StandardCharsets.UTF_8);
    }
}
