package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.ModelBundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules at their limits, on rows of three classes: 0 Tea, 1 Lamps, 2 Tools > other. */
class GateTest {
    private static final StructType SCORED = new StructType()
            .add("truth", "int")
            .add("probabilities", "array<float>")
            .add("champion_probabilities", "array<float>");
    private static final HeldOut HELD_OUT = new HeldOut(true, "the test split, of one seed");
    private static final GateSettings DEFAULTS = new GateSettings(true, -0.005, 50, 0.05, 0, 0.02);

    @TempDir
    static Path temporary;

    private static ModelBundle champion;
    private static ModelBundle candidate;

    private final List<Row> rows = new ArrayList<>();

    @BeforeAll
    static void write() {
        champion = GateModels.champion(temporary.resolve("champion"));
        candidate = GateModels.better(temporary.resolve("candidate"));
    }

    @Test
    void anEqualCandidatePasses() {
        add(60, 0, 0, 0.9f, 0, 0.9f);
        add(60, 1, 0, 0.9f, 0, 0.9f);

        GateReport report = judge(DEFAULTS);

        assertThat(report.isPassed()).isTrue();
        assertThat(report.rules())
                .extracting(Rule::rule)
                .containsExactly("held_out", "macro_f1", "class_f1", "lost_classes", "calibration_error");
    }

    @Test
    void theLowerEndOfTheIntervalDecidesAndNotTheDifference() {
        // of 200 rows 4 got right and 3 wrong: better, but that may be chance
        add(50, 0, 0, 0.9f, 0, 0.9f);
        add(50, 1, 1, 0.9f, 1, 0.9f);
        add(93, 2, 2, 0.9f, 2, 0.9f);
        add(4, 2, 2, 0.9f, 1, 0.9f);
        add(3, 2, 1, 0.9f, 2, 0.9f);

        GateReport report = judge(DEFAULTS);

        assertThat(report.macroF1().delta()).isPositive();
        assertThat(report.macroF1().interval().lower()).isLessThan(-0.005);
        assertThat(report.refusals()).startsWith("macro_f1 found +0.").doesNotContain(";");
        assertThat(judge(new GateSettings(true, report.macroF1().interval().lower(), 50, 0.05, 0, 0.02))
                        .isPassed())
                .isTrue();
    }

    @Test
    void aClassMayLoseExactlyItsLimitAndASmallOneMore() {
        // Tools: 2 * 50 / (50 + 50) = 1 and then 2 * 45 / (50 + 45) = 18/19
        add(100, 0, 0, 0.9f, 0, 0.9f);
        add(45, 2, 2, 0.9f, 2, 0.9f);
        add(5, 2, 1, 0.9f, 2, 0.9f);

        assertThat(rule("class_f1", new GateSettings(true, -1, 50, 1 / 19.0, 0, 1))
                        .passed())
                .isTrue();
        Rule exceeded = rule("class_f1", new GateSettings(true, -1, 50, 1 / 19.0 - 1e-6, 0, 1));
        assertThat(exceeded.passed()).isFalse();
        assertThat(exceeded.found()).isEqualTo("-5.26 points in Tools > other");
        assertThat(rule("class_f1", new GateSettings(true, -1, 51, 0.01, 0, 1)))
                .extracting(Rule::passed, Rule::found)
                .containsExactly(true, "+0.00 points in Grocery > Tea");
        assertThat(rule("class_f1", new GateSettings(true, -1, 101, 0, 0, 1)).found())
                .isEqualTo("no class of 101 rows");
    }

    @Test
    void calibrationMayWorsenByExactlyItsLimit() {
        add(90, 0, 0, 1, 0, 0.9f);
        add(10, 1, 0, 1, 0, 0.9f);

        // 90 of 100 right: 0.9 is no error, 1 is 0.1
        assertThat(judge(DEFAULTS).championError()).isEqualTo(0, within(1e-7));
        assertThat(judge(DEFAULTS).candidateError()).isEqualTo(0.1, within(1e-7));
        assertThat(rule("calibration_error", new GateSettings(true, -1, 50, 1, 0, 0.1001))
                        .passed())
                .isTrue();
        assertThat(rule("calibration_error", new GateSettings(true, -1, 50, 1, 0, 0.0999))
                        .passed())
                .isFalse();
    }

    @Test
    void confidenceOfAClassIsThatOfAllItsLabels() {
        ModelBundle coarser = GateModels.coarser(temporary.resolve("coarser"));
        ModelBundle finer = GateModels.champion(temporary.resolve("finer"));
        SharedTruths truths = new SharedTruths(coarser, finer);
        // truths: Tea, Lamps, other, Tools > other; the last two are one class, and the candidate has one label for it
        assertThat(truths.classes()).containsExactly("Grocery > Tea", "Home > Lamps", "other");
        Comparison comparison = Comparison.of(List.of(row(3, 2, 0.8f, 2, 0.6f)).iterator(), truths);

        assertThat(comparison.candidateError()).isEqualTo(0.2, within(1e-6));
        assertThat(comparison.championError()).isEqualTo(0.4, within(1e-6));
        // one row carries Tools > other, and the champion gave it once
        assertThat(comparison.rows(3)).isEqualTo(1);
        assertThat(comparison.rows(2)).isZero();
    }

    @Test
    void whatIsUndefinedPassesNoRule() {
        GateReport report = judge(DEFAULTS);

        assertThat(report.rules())
                .filteredOn(rule -> !rule.passed())
                .extracting(Rule::rule, Rule::found)
                .containsExactly(tuple("macro_f1", "n/a (95%: n/a to n/a)"), tuple("calibration_error", "n/a"));
        assertThat(report.json(Map.of(), null))
                .contains("\"delta\" : null")
                .contains("\"passed\" : false")
                .contains("macro F1 averages 0 of 3 classes: 3 have no rows");
    }

    @Test
    void rowsThatMayHaveBeenSeenRefuseUnlessAPersonKnowsBetter() {
        HeldOut unknown = new HeldOut(false, "rows that are no test split of prepared data");

        assertThat(new Gate(DEFAULTS, 1, unknown).heldOut())
                .extracting(Rule::passed, Rule::refusal)
                .containsExactly(
                        false,
                        "held_out found rows that are no test split of prepared data, expected unseen by both models");
        assertThat(new Gate(new GateSettings(false, 0, 1, 0, 0, 0), 1, unknown)
                        .heldOut()
                        .passed())
                .isTrue();
    }

    @Test
    void aFirstCandidateThatNamesOneClassAlwaysIsRefused() {
        ConfusionMatrix constant = new ConfusionMatrix(3);
        constant.add(0, 0, 60);
        constant.add(1, 0, 40);

        GateReport report = new Gate(DEFAULTS, 1, HELD_OUT).judgeFirst(constant, 0.1);

        // 2 * 60 / (60 + 100) and 0
        assertThat(report.macroF1().first()).isEqualTo(0.375, within(1e-12));
        assertThat(report.refusals())
                .isEqualTo(
                        "beats_commonest_class found +0.00 points (95%: +0.00 points to +0.00 points), expected lower"
                                + " end above 0.00 points");
        assertThat(report.advice()).startsWith("It does no better than naming one class always");
    }

    private GateReport judge(GateSettings settings) {
        SharedTruths truths = new SharedTruths(candidate, champion);
        return new Gate(settings, 1, HELD_OUT)
                .judge(candidate, champion, truths, Comparison.of(rows.iterator(), truths));
    }

    private Rule rule(String name, GateSettings settings) {
        return judge(settings).rules().stream()
                .filter(rule -> rule.rule().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void add(int count, int truth, int byCandidate, float sureness, int byChampion, float championSureness) {
        for (int i = 0; i < count; i++) {
            rows.add(row(truth, byCandidate, sureness, byChampion, championSureness));
        }
    }

    private static Row row(int truth, int byCandidate, float sureness, int byChampion, float championSureness) {
        return new GenericRowWithSchema(
                new Object[] {truth, answer(byCandidate, sureness), answer(byChampion, championSureness)}, SCORED);
    }

    /** Three probabilities, one of which is given. */
    private static float[] answer(int label, float sureness) {
        float rest = (1 - sureness) / 2;
        float[] probabilities = {rest, rest, rest};
        probabilities[label] = sureness;
        return probabilities;
    }
}
