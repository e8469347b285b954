package io.aisle.batch.evaluate;

import io.aisle.batch.measure.Truths;
import io.aisle.batch.score.Scoring;
import io.aisle.core.metric.CalibrationError;
import io.aisle.core.metric.PrecisionCoverage;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Scaling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where a model is right and how sure it is, part by part: what a task learns about its rows once it is known which pairs of labels are
 * confused most. Counts, sums and a few examples only, so that it can travel to the driver and be merged there.
 */
final class Findings implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int EXAMPLES = 3;

    private final PrecisionCoverage coverage = new PrecisionCoverage();
    private final CalibrationError uncalibrated = new CalibrationError();
    private final ArrayList<SliceCounts> slices = new ArrayList<>();
    private final SliceCounts cut = new SliceCounts();
    private final SliceCounts whole = new SliceCounts();
    private final ArrayList<TreeSet<Example>> examples = new ArrayList<>();

    /**
     * What to look for.
     *
     * @param scaling that the probabilities have in them
     * @param canBeUndone whether it can be undone
     */
    record Search(Truths truths, Slices slices, ConfusedPairs pairs, Scaling scaling, boolean canBeUndone)
            implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private Findings(Search search) {
        search.slices().all().forEach(ignored -> slices.add(new SliceCounts()));
        IntStream.range(0, search.pairs().size()).forEach(ignored -> examples.add(new TreeSet<>()));
    }

    /** Looks at rows of (truth, probabilities) with the columns of {@link KeptProducts}, where they lie. One pass. */
    static Findings of(Dataset<Row> rows, Search search) {
        Findings findings = new Findings(search);
        rows.javaRDD()
                .mapPartitions(partition -> List.of(of(partition, search)).iterator())
                .collect()
                .forEach(findings::merge);
        return findings;
    }

    private static Findings of(Iterator<Row> rows, Search search) {
        Findings findings = new Findings(search);
        while (rows.hasNext()) {
            findings.add(rows.next(), search);
        }
        return findings;
    }

    private void add(Row row, Search search) {
        float[] probabilities = Scoring.probabilities(row);
        int label = search.truths().label(row.getInt(0));
        int answer = Prediction.mostProbable(probabilities, 1)[0];
        boolean isRight = answer == label;
        coverage.add(probabilities[answer], isRight);
        if (search.canBeUndone()) {
            uncalibrated.add(search.scaling().undo(probabilities)[answer], isRight);
        }
        for (int slice : search.slices().of(row, label)) {
            slices.get(slice).add(label, answer, probabilities[answer]);
        }
        Boolean isCut = row.getAs(KeptProducts.IS_CUT);
        if (isCut != null) {
            (isCut ? cut : whole).add(label, answer, probabilities[answer]);
        }
        int pair = search.pairs().place(label, answer);
        if (pair >= 0) {
            add(
                    examples.get(pair),
                    Example.of(row.getAs(KeptProducts.ID), row.getAs(KeptProducts.TITLE), probabilities[answer]));
        }
    }

    private static void add(NavigableSet<Example> examples, Example example) {
        examples.add(example);
        if (examples.size() > EXAMPLES) {
            examples.pollLast();
        }
    }

    private void merge(Findings that) {
        coverage.merge(that.coverage);
        uncalibrated.merge(that.uncalibrated);
        cut.merge(that.cut);
        whole.merge(that.whole);
        for (int slice = 0; slice < slices.size(); slice++) {
            slices.get(slice).merge(that.slices.get(slice));
        }
        for (int pair = 0; pair < examples.size(); pair++) {
            for (Example example : that.examples.get(pair)) {
                add(examples.get(pair), example);
            }
        }
    }

    PrecisionCoverage coverage() {
        return coverage;
    }

    /** How far confidence would be from accuracy without calibration; without rows where that cannot be undone. */
    CalibrationError uncalibrated() {
        return uncalibrated;
    }

    /** In the order of {@link Slices#all}. */
    List<SliceCounts> slices() {
        return slices;
    }

    /** Rows of whose text a network reads a part. */
    SliceCounts cut() {
        return cut;
    }

    /** Rows of whose text a network reads all. */
    SliceCounts whole() {
        return whole;
    }

    /** Of each confused pair, in their order. */
    List<List<Example>> examples() {
        return examples.stream().map(List::copyOf).toList();
    }
}
