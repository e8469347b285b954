package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.metric.ClassificationReport.Averages;
import io.aisle.core.metric.ClassificationReport.ClassScores;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassificationReportTest {
    private static final Offset<Double> EXACT = within(1e-12);

    /**
     * <pre>
     *            predicted
     *            lamp sofa vase   support
     * truth lamp    8    2    0        10
     *       sofa    1    6    3        10
     *       vase    2    0    3         5
     * predicted    11    8    6        25
     * </pre>
     */
    private static ClassificationReport lampSofaVase() {
        return report(List.of("lamp", "sofa", "vase"), new long[][] {{8, 2, 0}, {1, 6, 3}, {2, 0, 3}});
    }

    @Test
    void scoresEachClass() {
        List<ClassScores> classes = lampSofaVase().classes();

        assertThat(classes).extracting(ClassScores::name).containsExactly("lamp", "sofa", "vase");
        assertThat(classes).extracting(ClassScores::support).containsExactly(10L, 10L, 5L);
        assertThat(classes).extracting(ClassScores::predicted).containsExactly(11L, 8L, 6L);
        // TP / predicted: 8/11, 6/8, 3/6
        assertThat(classes).extracting(ClassScores::precision).containsExactly(8.0 / 11, 0.75, 0.5);
        // TP / support: 8/10, 6/10, 3/5
        assertThat(classes).extracting(ClassScores::recall).containsExactly(0.8, 0.6, 0.6);
        // 2TP / (support + predicted): 16/21, 12/18, 6/11
        assertThat(classes).extracting(ClassScores::f1).containsExactly(16.0 / 21, 12.0 / 18, 6.0 / 11);
    }

    @Test
    void averagesOverClasses() {
        ClassificationReport report = lampSofaVase();

        // (8/11 + 3/4 + 1/2) / 3 = (32 + 33 + 22) / 132; (0.8 + 0.6 + 0.6) / 3;
        // (16/21 + 2/3 + 6/11) / 3 = (176 + 154 + 126) / 693
        assertAverages(report.macro(), 87.0 / 132, 2.0 / 3, 456.0 / 693);
        // (10 * 8/11 + 10 * 3/4 + 5 * 1/2) / 25 = (80/11 + 10) / 25 = 190 / 275; (8 + 6 + 3) / 25;
        // (160/21 + 20/3 + 30/11) / 25 = (1760 + 1540 + 630) / (231 * 25)
        assertAverages(report.weighted(), 190.0 / 275, 17.0 / 25, 3930.0 / 5775);
        // TP = 8 + 6 + 3 = 17; FP = 3 + 2 + 3 = 8 = FN: 17 / 25 three times
        assertAverages(report.micro(), 17.0 / 25, 17.0 / 25, 17.0 / 25);
        assertThat(report.accuracy()).isEqualTo(17.0 / 25);
        assertThat(report.rows()).isEqualTo(25);
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void leavesWhatIsUndefinedOutOfAveragesAndSaysSo() {
        // lamp: TP 3, FP 0, FN 1. sofa: 2 rows, never predicted. vase: no rows, predicted 3 times. rug and tray:
        // neither.
        ClassificationReport report =
                report(List.of("lamp", "sofa", "vase", "rug", "tray"), new long[][] {{3, 0, 1}, {0, 0, 2}});

        List<ClassScores> classes = report.classes();
        assertThat(classes)
                .extracting(ClassScores::precision)
                .containsExactly(1.0, Double.NaN, 0.0, Double.NaN, Double.NaN);
        assertThat(classes)
                .extracting(ClassScores::recall)
                .containsExactly(0.75, 0.0, Double.NaN, Double.NaN, Double.NaN);
        // lamp 6 / (4 + 3); sofa 0 / (2 + 0); vase 0 / (0 + 3)
        assertThat(classes).extracting(ClassScores::f1).containsExactly(6.0 / 7, 0.0, 0.0, Double.NaN, Double.NaN);

        // (1 + 0) / 2; (0.75 + 0) / 2; (6/7 + 0 + 0) / 3
        assertAverages(report.macro(), 0.5, 0.375, 2.0 / 7);
        // 4 * 1 / 4, without sofa's 2 rows; (4 * 0.75 + 2 * 0) / 6; (4 * 6/7 + 2 * 0) / 6
        assertAverages(report.weighted(), 1, 0.5, 4.0 / 7);
        assertThat(report.notes())
                .containsExactly(
                        "macro precision averages 2 of 5 classes: 3 have no predictions",
                        "macro recall averages 2 of 5 classes: 3 have no rows",
                        "macro F1 averages 3 of 5 classes: 2 have neither rows nor predictions",
                        "weighted precision leaves out 2 rows of 1 class without predictions");
    }

    @Test
    void speaksOfOneClassInTheSingular() {
        assertThat(report(List.of("lamp", "sofa"), new long[][] {{3}}).notes())
                .containsExactly(
                        "macro precision averages 1 of 2 classes: 1 has no predictions",
                        "macro recall averages 1 of 2 classes: 1 has no rows",
                        "macro F1 averages 1 of 2 classes: 1 has neither rows nor predictions");
    }

    @Test
    void isUndefinedWithoutRows() {
        ClassificationReport report = report(List.of("lamp", "sofa"), new long[][] {});

        assertThat(report.rows()).isZero();
        assertThat(report.accuracy()).isNaN();
        Averages undefined = new Averages(Double.NaN, Double.NaN, Double.NaN);
        assertThat(report.macro()).isEqualTo(undefined);
        assertThat(report.weighted()).isEqualTo(undefined);
        assertThat(report.micro()).isEqualTo(undefined);
        assertThat(report.notes()).contains("macro F1 averages 0 of 2 classes: 2 have neither rows nor predictions");
    }

    @Test
    void refusesNamesThatDoNotFitTheMatrix() {
        assertThatThrownBy(() -> ClassificationReport.of(new ConfusionMatrix(3), List.of("lamp")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot report on a confusion matrix: found 1 class names, expected 3");
    }

    private static ClassificationReport report(List<String> names, long[][] rows) {
        ConfusionMatrix confusion = new ConfusionMatrix(names.size());
        for (int truth = 0; truth < rows.length; truth++) {
            for (int predicted = 0; predicted < rows[truth].length; predicted++) {
                confusion.add(truth, predicted, rows[truth][predicted]);
            }
        }
        return ClassificationReport.of(confusion, names);
    }

    private static void assertAverages(Averages averages, double precision, double recall, double f1) {
        assertThat(averages.precision()).isCloseTo(precision, EXACT);
        assertThat(averages.recall()).isCloseTo(recall, EXACT);
        assertThat(averages.f1()).isCloseTo(f1, EXACT);
    }
}
