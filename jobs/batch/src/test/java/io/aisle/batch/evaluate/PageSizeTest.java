package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.report.ReportJson;
import io.aisle.core.metric.ClassificationReport;
import io.aisle.core.metric.ConfusionMatrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a page of very many categories holds. */
class PageSizeTest {
    private static final int CATEGORIES = 10_000;
    private static final List<String> NAMES = IntStream.range(0, CATEGORIES)
            .mapToObj(label -> "Department " + label % 20 + " > Shelf with a rather long name " + label)
            .toList();

    @Test
    void classesAndConfusionsOfTenThousandCategoriesStaySmall() {
        ConfusionMatrix confusion = confusion();
        ClassificationReport report = ClassificationReport.of(confusion, NAMES);
        ConfusedPairs pairs = new ConfusedPairs(confusion);
        Map<String, Object> page = new LinkedHashMap<>();
        Map<String, Object> classes = ClassTable.json(report.classes(), new double[CATEGORIES]);
        page.put("classes", classes);
        page.put("confusions", pairs.json(confusion, NAMES, Collections.nCopies(pairs.size(), examples())));

        assertThat((List<?>) classes.get("rows")).hasSize(ClassTable.SHOWN);
        assertThat(classes).containsEntry("left_out", CATEGORIES - ClassTable.SHOWN);
        assertThat(ReportJson.of(page).length()).isLessThan(700_000);
    }

    private static ConfusionMatrix confusion() {
        Random random = new Random(2);
        ConfusionMatrix confusion = new ConfusionMatrix(CATEGORIES);
        for (int label = 0; label < CATEGORIES; label++) {
            confusion.add(label, label, 1 + CATEGORIES / (label + 1));
            confusion.add(label, random.nextInt(CATEGORIES), 1 + random.nextInt(50));
        }
        return confusion;
    }

    private static List<Example> examples() {
        return Collections.nCopies(3, Example.of("B000000000", "long ".repeat(100), 0.5f));
    }
}
