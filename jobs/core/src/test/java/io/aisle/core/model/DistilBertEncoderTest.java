package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.onnx.TinyDistilBert;
import io.aisle.core.product.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistilBertEncoderTest {
    /** So wide that a processor takes many numbers of a row at once, and some are left over. */
    private static final DistilBertConfig CONFIG =
            new DistilBertConfig(TinyBundle.VOCABULARY.size(), 24, 84, 2, 3, 150, Pooling.CLS_AND_MEAN);

    private static final int MAX_TOKENS = 24;

    @TempDir
    private static Path directory;

    private static Map<String, Tensor> weights;
    private static Path file;
    private static String hash;
    private static DistilBertEncoder encoder;

    @BeforeAll
    static void openEncoder() {
        weights = TinyDistilBert.weights(CONFIG, 3, 21);
        Map<String, Tensor> ofEncoder = new TreeMap<>(weights);
        ofEncoder.keySet().removeIf(name -> name.startsWith("classifier."));
        file = directory.resolve("encoder.onnx");
        hash = DistilBertEncoder.write(file, CONFIG, ofEncoder);
        encoder = open(hash);
    }

    @AfterAll
    static void closeEncoder() {
        encoder.close();
    }

    @Test
    void featuresAreTheSameBitsWhateverTheyAreComputedWith() {
        List<Product> products = products(300);
        List<float[]> together = encoder.features(products);
        List<Product> shuffled = new ArrayList<>(products);
        Collections.shuffle(shuffled, new Random(3));

        List<float[]> otherwise = encoder.features(shuffled);

        for (int i = 0; i < products.size(); i++) {
            Product product = products.get(i);
            assertThat(encoder.features(List.of(product)).get(0))
                    .as("%s", product)
                    .hasSize(2 * 84)
                    .containsExactly(together.get(i))
                    .containsExactly(otherwise.get(shuffled.indexOf(product)));
        }
    }

    @Test
    void classifierReadsThem() {
        NetworkDefinition model = TinyBundle.model(CONFIG);
        Path bundle = directory.resolve("bundle");
        BundleWriter writer = BundleWriter.write(bundle, model, TinyBundle.VOCABULARY, weights, Scaling.NONE);
        List<Product> products = products(50);
        List<float[]> features = encoder.features(products);

        try (Classifier classifier = writer.classifier()) {
            List<float[]> logits = classifier.logits(products);
            for (int i = 0; i < products.size(); i++) {
                assertThat(logits.get(i)).containsExactly(head(features.get(i)), within(1e-4f));
            }
        }
    }

    @Test
    void refusesFileThatIsNoCopy() {
        assertThatThrownBy(() -> open("0".repeat(64)))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot open the encoder " + file + ": found sha256 " + hash + ", expected "
                        + "0".repeat(64) + ". The copy is damaged: run again.");
    }

    private static DistilBertEncoder open(String expectedHash) {
        return DistilBertEncoder.open(
                file, expectedHash, TinyBundle.MODEL.recipe(), TinyBundle.VOCABULARY, MAX_TOKENS, 1, Device.CPU);
    }

    /** Linear layer and log-softmax, in double precision. */
    private static float[] head(float[] features) {
        float[] weight = weights.get("classifier.weight").values();
        float[] bias = weights.get("classifier.bias").values();
        double[] scores = new double[bias.length];
        double sum = 0;
        for (int label = 0; label < bias.length; label++) {
            scores[label] = bias[label];
            for (int j = 0; j < features.length; j++) {
                scores[label] += (double) weight[label * features.length + j] * features[j];
            }
            sum += Math.exp(scores[label]);
        }
        float[] logits = new float[bias.length];
        for (int label = 0; label < bias.length; label++) {
            logits[label] = (float) (scores[label] - Math.log(sum));
        }
        return logits;
    }

    /** Titles of no word to ten; no two products share an id. */
    private static List<Product> products(int count) {
        String[] words = {"lamp", "drill", "tea", "bag", "12", "wi-fi"};
        Random random = new Random(count);
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder title = new StringBuilder();
            for (int word = random.nextInt(11); word > 0; word--) {
                title.append(words[random.nextInt(words.length)]).append(' ');
            }
            products.add(new Product("p" + i, title.toString().strip(), "", "", ""));
        }
        return products;
    }
}
