package io.aisle.core.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What is done to logits so that their softmax means what it says: they are divided by a temperature, and then, where there are scales,
 * multiplied by that of their label and shifted by its offset (vector scaling, Guo et al. 2017, "On Calibration of Modern Neural Networks",
 * section 4.2). A temperature changes no order of labels; scales do.
 *
 * <p>In a manifest one temperature is a number.
 *
 * @param temperature above 0
 * @param scales one a label, each above 0; or none
 * @param offsets one a scale
 */
public record Scaling(float temperature, List<Float> scales, List<Float> offsets) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Changes nothing. */
    public static final Scaling NONE = temperature(1);

    /** Probability that may be missing where a temperature is undone. */
    private static final double MAX_LOST = 1e-3;

    public Scaling {
        scales = List.copyOf(scales);
        offsets = List.copyOf(offsets);
        if (!isAboveZero(temperature) || !scales.stream().allMatch(Scaling::isAboveZero)) {
            throw new IllegalArgumentException("Cannot scale logits: found temperature " + temperature + " and scales "
                    + scales + ", expected numbers above 0");
        }
        if (offsets.size() != scales.size() || !offsets.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException("Cannot scale logits: found offsets " + offsets + ", expected "
                    + scales.size() + " numbers, one a scale");
        }
    }

    /** One temperature for all labels. */
    public static Scaling temperature(float temperature) {
        return new Scaling(temperature, List.of(), List.of());
    }

    /** Whether each label has a scale and an offset of its own. */
    public boolean isByLabel() {
        return !scales.isEmpty();
    }

    /** What is left to do where the temperature is in the logits already. */
    public Scaling afterTemperature() {
        return new Scaling(1, scales, offsets);
    }

    /** Scaled logits, float[labels]. */
    public float[] of(float[] logits) {
        float[] scaled = new float[logits.length];
        for (int label = 0; label < scaled.length; label++) {
            scaled[label] = logits[label] / temperature;
        }
        return isByLabel() ? byLabel(scaled) : scaled;
    }

    /** Applies scales and offsets in place. */
    float[] byLabel(float[] tempered) {
        if (isByLabel() && tempered.length != scales.size()) {
            throw new IllegalArgumentException(
                    "Cannot scale logits: found " + tempered.length + ", expected " + scales.size() + ", one a label");
        }
        for (int label = 0; label < scales.size(); label++) {
            tempered[label] = tempered[label] * scales.get(label) + offsets.get(label);
        }
        return tempered;
    }

    /**
     * Whether {@link #undo} gives what was before. Scales by label cannot be undone, since probabilities do not say what their logits
     * added up to; nor can a temperature so low that what it made too small for a float would have counted before.
     *
     * @param labels how many probabilities there are
     */
    public boolean canBeUndone(int labels) {
        return !isByLabel() && labels * Math.pow(Float.MIN_VALUE, temperature) <= MAX_LOST;
    }

    /**
     * The probabilities that there would be without the temperature, float[labels]: each to its power, together 1.
     *
     * @param probabilities of which {@link #canBeUndone}
     */
    public float[] undo(float[] probabilities) {
        double sum = 0;
        double[] powers = new double[probabilities.length];
        for (int label = 0; label < powers.length; label++) {
            powers[label] = Math.pow(probabilities[label], temperature);
            sum += powers[label];
        }
        float[] before = new float[powers.length];
        for (int label = 0; label < before.length; label++) {
            before[label] = (float) (powers[label] / sum);
        }
        return before;
    }

    /** For people. */
    public String inWords() {
        return isByLabel()
                ? String.format(
                        Locale.ROOT,
                        "temperature %.3f, scales %.2f to %.2f, offsets %.2f to %.2f",
                        temperature,
                        Collections.min(scales),
                        Collections.max(scales),
                        Collections.min(offsets),
                        Collections.max(offsets))
                : String.format(Locale.ROOT, "temperature %.3f", temperature);
    }

    private static boolean isAboveZero(float number) {
        return number > 0 && Float.isFinite(number);
    }
}
