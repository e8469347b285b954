package io.aisle.batch.train;

import io.aisle.core.model.Calibration;
import io.aisle.core.model.Scaling;
import io.aisle.core.settings.Settings;
import java.util.Map;

/**
 * What makes confidences mean what they say.
 *
 * @param penalty on the scales and offsets of labels, see {@link Calibration#vector}
 */
record CalibrationSettings(Method method, double penalty) {
    /** Methods of Guo et al. 2017, section 4.2. */
    enum Method {
        /** One temperature for all labels. */
        TEMPERATURE,
        /** A scale and an offset of each label, too. */
        VECTOR
    }

    static CalibrationSettings read(Settings settings) {
        return new CalibrationSettings(
                settings.choice("train.calibration", Method.class), settings.number("train.vector-penalty", 1e-6, 1e9));
    }

    /** Fitted to validation rows. */
    Scaling fit(float[][] logits, int[] truths) {
        return switch (method) {
            case TEMPERATURE -> Scaling.temperature((float) Calibration.temperature(logits, truths));
            case VECTOR -> Calibration.vector(logits, truths, penalty);
        };
    }

    /** For the manifest; nothing of a temperature, which it has anyway. */
    Map<String, String> asText() {
        return method == Method.TEMPERATURE
                ? Map.of()
                : Map.of("calibration", Settings.choiceName(method), "vector_penalty", Double.toString(penalty));
    }
}
