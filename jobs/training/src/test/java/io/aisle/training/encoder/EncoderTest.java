package io.aisle.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.text.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EncoderTest {
    private static final DistilBertConfig CONFIG = new DistilBertConfig(11, 7, 8, 1, 2, 12, Pooling.CLS);

    @Test
    void theFingerprintTellsApartWhateverDiffers() {
        Set<String> fingerprints = new HashSet<>();
        fingerprints.add(fingerprint(CONFIG, 0));
        fingerprints.add(fingerprint(CONFIG, 1));
        fingerprints.add(fingerprint(CONFIG, -0f));
        fingerprints.add(fingerprint(CONFIG.with(Pooling.MEAN), 0));
        fingerprints.add(fingerprint(new DistilBertConfig(11, 7, 8, 1, 4, 12, Pooling.CLS), 0));
        fingerprints.add(encoder(CONFIG, swapped(), "a", 0, 3).fingerprint());
        fingerprints.add(encoder(CONFIG, PublishedFiles.vocabulary(), "b", 0, 3).fingerprint());
        fingerprints.add(
                encoder(CONFIG, PublishedFiles.vocabulary(), "a", 0, 3, 1).fingerprint());

        assertThat(fingerprints).hasSize(8).allMatch(fingerprint -> fingerprint.matches("[0-9a-f]{64}"));
    }

    @Test
    void theFingerprintStaysTheSameFromRunToRun() {
        assertThat(fingerprint(CONFIG, 0.5f))
                .isEqualTo(fingerprint(CONFIG, 0.5f))
                .isEqualTo("d668b0f7dbce5db7e6ccf699a11830223206267e0ebb6de453afb15763bf5774");
    }

    @Test
    void theFingerprintCoversTheLastValueOfALongWeight() {
        assertThat(encoder(CONFIG, PublishedFiles.vocabulary(), "a", 1, 100_000).fingerprint())
                .isNotEqualTo(encoder(CONFIG, PublishedFiles.vocabulary(), "a", 2, 100_000)
                        .fingerprint());
    }

    private static String fingerprint(DistilBertConfig config, float last) {
        return encoder(config, PublishedFiles.vocabulary(), "a", last, 3).fingerprint();
    }

    private static Encoder encoder(
            DistilBertConfig config, Vocabulary vocabulary, String name, float last, long... shape) {
        float[] values = new float[(int) shape[0]];
        values[values.length - 1] = last;
        SortedMap<String, Tensor> weights = new TreeMap<>();
        weights.put(name, new Tensor(shape, values));
        return new Encoder(config, vocabulary, weights);
    }

    private static Vocabulary swapped() {
        List<String> pieces = new ArrayList<>(PublishedFiles.vocabulary().pieces());
        Collections.swap(pieces, 9, 10);
        return Vocabulary.of(pieces);
    }
}
