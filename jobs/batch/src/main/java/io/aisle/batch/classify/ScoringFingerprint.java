package io.aisle.batch.classify;

import io.aisle.batch.score.Engine;
import io.aisle.core.Sha256;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names everything but a product's text that its prediction depends on: where it is unchanged, predictions can be carried over. */
final class ScoringFingerprint {
    /** Counts what would make predictions of before no good. Columns of {@link Predictions} that say nothing of the scoring do not. */
    private static final int SCORING_VERSION = 1;

    private ScoringFingerprint() {}

    /** SHA-256, in hex, of bundle hash (which covers network, its precision, recipe and threshold), engine, top, scoring version and back-off. */
    static String of(ModelBundle bundle, Engine engine, int top, boolean isBackingOff) {
        String parts = String.join(
                        "\n",
                        List.of(
                                bundle.hash(),
                                Settings.choiceName(engine),
                                Integer.toString(top),
                                Integer.toString(SCORING_VERSION)))
                + (isBackingOff ? "\nback-off" : "");
        return Sha256.hex(parts.getBytes(StandardCharsets.UTF_8));
    }
}
