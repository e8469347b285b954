package io.aisle.batch.evaluate;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.core.metric.WilsonInterval;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many rows of a slice are right, class by class, and how sure the model is of them: whole numbers, whatever order they are added in. */
final class SliceCounts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Confidences are added up in these steps: 2 billion rows fit a long. */
    private static final double CONFIDENCE_STEP = 1.0 / (1L << 32);

    private static final int TRUTHS = 0;
    private static final int ANSWERS = 1;
    private static final int RIGHT = 2;

    /** By class: rows of it, rows that were given it, rows of both. */
    private final TreeMap<Integer, long[]> byClass = new TreeMap<>();

    private long rows;
    private long right;
    private long confidence;

    void add(int truth, int answer, double confidence) {
        rows++;
        this.confidence += Math.round(confidence / CONFIDENCE_STEP);
        count(truth)[TRUTHS]++;
        count(answer)[ANSWERS]++;
        if (truth == answer) {
            right++;
            count(truth)[RIGHT]++;
        }
    }

    private long[] count(int label) {
        return byClass.computeIfAbsent(label, ignored -> new long[3]);
    }

    void merge(SliceCounts that) {
        rows += that.rows;
        right += that.right;
        confidence += that.confidence;
        that.byClass.forEach((label, counts) -> {
            long[] sums = count(label);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counts[i];
            }
        });
    }

    /** The mean F1 of the classes that have rows here, over the rows here; NaN without rows. */
    private double macroF1() {
        return byClass.values().stream()
                .filter(counts -> counts[TRUTHS] > 0)
                .mapToDouble(counts -> 2.0 * counts[RIGHT] / (counts[TRUTHS] + counts[ANSWERS]))
                .average()
                .orElse(Double.NaN);
    }

    /** @param all rows of which these are a part */
    Map<String, Object> json(long all) {
        WilsonInterval interval = WilsonInterval.of(right, rows);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rows", rows);
        json.put("share", orNull((double) rows / all));
        json.put("accuracy", orNull((double) right / rows));
        json.put("lower_95", orNull(interval.lower()));
        json.put("upper_95", orNull(interval.upper()));
        json.put("macro_f1", orNull(macroF1()));
        json.put(
                "classes",
                byClass.values().stream().filter(counts -> counts[TRUTHS] > 0).count());
        json.put("mean_confidence", orNull(confidence * CONFIDENCE_STEP / rows));
        return json;
    }
}
