package io.aisle.batch.train.compare;

import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.measure.EvaluationReport;
import io.aisle.batch.measure.Judgement;
import io.aisle.batch.measure.Truths;
import io.aisle.core.model.ModelBundle;
import java.util.Map;

/** A report of no rows. */
final class MeasuredNothing {
    static final EvaluationReport REPORT = report();

    private MeasuredNothing() {}

    private static EvaluationReport report() {
        ModelBundle bundle = HandMadeBundle.get();
        Truths truths = new Truths(bundle);
        return EvaluationReport.of(
                bundle,
                truths,
                new Judgement(truths.paths().size()),
                new double[bundle.labels().size()],
                Map.of("evaluated", 0L),
                1);
    }
}
