package io.aisle.batch.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.HandMadeBundle;
import io.aisle.core.metric.ConfusionMatrix.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class JudgementTest {
    private static final StructType SCORED =
            new StructType().add("truth", "int").add("probabilities", "array<float>");

    private final Truths truths = new Truths(HandMadeBundle.get());

    @Test
    void judgesFoldedTruthByItsLabelAndKeepsItApartUnfolded() {
        Judgement judgement =
                Judgement.of(List.of(scored(3, 0.1f, 0.2f, 0.7f)).iterator(), truths, AcceptRule.of(truths, 0.6));

        assertThat(judgement.hasFolded(3)).isTrue();
        assertThat(judgement.folded(truths, 3).cells()).containsExactly(new Cell(2, 2, 1));
        assertThat(judgement.unfolded().cells()).containsExactly(new Cell(3, 2, 1));
        assertThat(judgement.logLoss()).isEqualTo(-Math.log(0.7), within(1e-6));
    }

    @Test
    void partsMergeToWhatTheWholeGives() {
        Random random = new Random(11);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(scored(random.nextInt(5), random.nextFloat(), random.nextFloat(), random.nextFloat()));
        }
        Judgement whole = Judgement.of(rows.iterator(), truths, AcceptRule.of(truths, 0.6));
        Judgement parts = new Judgement(truths.paths().size());
        parts.merge(Judgement.of(rows.subList(0, 1).iterator(), truths, AcceptRule.of(truths, 0.6)));
        parts.merge(Judgement.of(rows.subList(1, 150).iterator(), truths, AcceptRule.of(truths, 0.6)));
        parts.merge(Judgement.of(rows.subList(150, 200).iterator(), truths, AcceptRule.of(truths, 0.6)));

        assertThat(parts.unfolded().cells()).isEqualTo(whole.unfolded().cells());
        assertThat(parts.logLoss()).isEqualTo(whole.logLoss(), within(1e-12));
        assertThat(parts.topAccuracy(3)).isEqualTo(whole.topAccuracy(3));
        assertThat(parts.accepted().share()).isEqualTo(whole.accepted().share()).isBetween(0.5, 0.9);
        assertThat(parts.accepted().precision()).isEqualTo(whole.accepted().precision());
        assertThat(parts.backOffAccepted().share())
                .isEqualTo(whole.backOffAccepted().share());
        assertThat(parts.backOffAccepted().precision())
                .isEqualTo(whole.backOffAccepted().precision());
        assertThat(parts.calibration().error()).isEqualTo(whole.calibration().error(), within(1e-12));
    }

    @Test
    void ofEquallyProbableLabelsTheFirstRanksFirst() {
        Judgement judgement = Judgement.of(
                List.of(scored(0, 0.2f, 0.2f, 0.6f), scored(0, 0.4f, 0.4f, 0.2f))
                        .iterator(),
                truths,
                AcceptRule.of(truths, 0.6));

        assertThat(judgement.topAccuracy(1)).isEqualTo(1 / 2.0);
        assertThat(judgement.topAccuracy(2)).isEqualTo(1);
    }

    @Test
    void judgesWhatReachesTheThresholdByFoldedTruths() {
        Judgement judgement = Judgement.of(
                List.of(scored(3, 0.1f, 0.2f, 0.75f), scored(0, 0.2f, 0.75f, 0.05f), scored(0, 0.7f, 0.2f, 0.1f))
                        .iterator(),
                truths,
                AcceptRule.of(truths, 0.75));

        assertThat(judgement.accepted().share()).isEqualTo(2 / 3.0);
        assertThat(judgement.accepted().precision()).isEqualTo(1 / 2.0);
    }

    /** Of the labels A > x, A > y and other, where the class A > z was folded into other. */
    @Test
    void categoryAboveTheTruthIsRightAlsoWhereTheTruthWasFoldedElsewhere() {
        Truths levels = new Truths(List.of("A > x", "A > y", "other"), Map.of("A > z", "other"));
        Judgement judgement = Judgement.of(
                List.of(
                                scored(1, 0.5f, 0.45f, 0.05f), // A is above A > y
                                scored(3, 0.5f, 0.45f, 0.05f), // and above A > z
                                scored(2, 0.5f, 0.45f, 0.05f), // but not above other
                                scored(3, 0.05f, 0.05f, 0.9f), // A > z counts for other
                                scored(0, 0.4f, 0.2f, 0.4f)) // nothing is sure enough
                        .iterator(),
                levels,
                AcceptRule.of(levels, 0.85));

        assertThat(judgement.accepted().share()).isEqualTo(1 / 5.0);
        assertThat(judgement.accepted().precision()).isEqualTo(1);
        assertThat(judgement.backOffAccepted().share()).isEqualTo(4 / 5.0);
        assertThat(judgement.backOffAccepted().precision()).isEqualTo(3 / 4.0);
    }

    private static Row scored(int truth, Float... probabilities) {
        return new GenericRowWithSchema(
                new Object[] {truth, JavaConverters.asScalaBuffer(List.of(probabilities))}, SCORED);
    }
}
