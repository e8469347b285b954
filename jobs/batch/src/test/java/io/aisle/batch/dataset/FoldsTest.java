package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.Folds.Fold;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private static final int FOLDS = 4;
    private static final PreparedManifest ORIGIN = PreparedManifest.of(TextRecipe.standard(), Map.of(), "origin");

    @Test
    void copiesAreInOnePart() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            rows.add(row("one" + i, "Kettle no " + i, "Kettles"));
            rows.add(row("two" + i, "KETTLE -- no. " + i, "Lamps"));
        }
        Map<String, Set<Integer>> partsOfGroup = new HashMap<>();
        int[] sizes = new int[FOLDS];

        for (Row row : Folds.number(dataset(rows), FOLDS, 7).collectAsList()) {
            int part = row.getAs(Folds.FOLD);
            sizes[part]++;
            partsOfGroup
                    .computeIfAbsent(row.<String>getAs("id").substring(3), ignored -> new HashSet<>())
                    .add(part);
        }

        assertThat(partsOfGroup.values()).hasSize(400).allMatch(parts -> parts.size() == 1);
        // five standard deviations of a binomial of 400 pairs
        assertThat(Arrays.stream(sizes)).allMatch(size -> size > 2 * 57 && size < 2 * 143);
    }

    @Test
    void anotherSeedDividesOtherwise() {
        Dataset<Row> rows = dataset(rows(100));

        assertThat(Folds.number(rows, FOLDS, 1).collectAsList())
                .isEqualTo(Folds.number(rows, FOLDS, 1).collectAsList())
                .isNotEqualTo(Folds.number(rows, FOLDS, 2).collectAsList());
    }

    @Test
    void everyRowIsHeldOnceByModelsThatNeverSawIt() {
        Dataset<Row> numbered = Folds.number(dataset(rows(100)), FOLDS, 7);
        List<String> held = new ArrayList<>();

        for (int number = 0; number < FOLDS; number++) {
            Fold fold = Folds.of(ORIGIN, numbered, FOLDS, number, Optional.empty());
            List<String> here = ids(fold.held());
            held.addAll(here);
            List<String> train = ids(fold.others().rows(Split.TRAIN));
            List<String> validation = ids(fold.others().rows(Split.VALIDATION));

            assertThat(train).doesNotContainAnyElementsOf(here).doesNotContainAnyElementsOf(validation);
            assertThat(validation).isNotEmpty().doesNotContainAnyElementsOf(here);
            assertThat(train.size() + validation.size() + here.size()).isEqualTo(100);
            assertThat(fold.others().manifest().rows())
                    .containsEntry("train", (long) train.size())
                    .containsEntry("validation", (long) validation.size());
            assertThat(fold.others().manifest().fingerprint()).isEqualTo("origin without fold " + number + " of 4");
            assertThat(fold.unknown()).isEmpty();
        }

        assertThat(held).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void validationThatIsGivenLeavesTheOthersToTrainOn() {
        Dataset<Row> numbered = Folds.number(dataset(rows(100)), FOLDS, 7);
        Dataset<Row> validation = dataset(List.of(row("v", "title", "Kettles"), row("w", "title", "Unheard of")));

        Fold fold = Folds.of(ORIGIN, numbered, FOLDS, 0, Optional.of(validation));

        assertThat(ids(fold.others().rows(Split.TRAIN)))
                .hasSize(100 - ids(fold.held()).size());
        assertThat(ids(fold.others().rows(Split.VALIDATION)))
                .as("of labels that can be learnt")
                .containsExactly("v");
        assertThat(ids(fold.others().rows(Split.TEST))).isEmpty();
        assertThat(ids(fold.others().unlabelled())).isEmpty();
    }

    @Test
    void labelsOfOnePartAloneAreNamedThere() {
        List<Row> rows = rows(100);
        rows.add(row("rare1", "One and the same", "Gnomes"));
        rows.add(row("rare2", "One and the same", "Gnomes"));
        Dataset<Row> numbered = Folds.number(dataset(rows), FOLDS, 7);
        List<String> unknown = new ArrayList<>();

        for (int number = 0; number < FOLDS; number++) {
            Fold fold = Folds.of(ORIGIN, numbered, FOLDS, number, Optional.empty());
            unknown.addAll(fold.unknown());
            assertThat(ids(fold.held())).doesNotContain("rare1", "rare2");
            assertThat(fold.labels().contains("Gnomes"))
                    .isEqualTo(ids(fold.others().rows(Split.TRAIN)).contains("rare1"));
        }

        assertThat(unknown).containsExactly("Gnomes");
    }

    @Test
    void refusesWhatNobodyCanLearnFrom() {
        Dataset<Row> numbered = Folds.number(dataset(List.of(row("1", "a", "A"), row("2", "a", "B"))), FOLDS, 7);

        assertThatThrownBy(() -> Folds.of(ORIGIN, numbered, FOLDS, 0, Optional.empty()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot train without fold 0 of 4: found ")
                .hasMessageContaining("expected two or more labels");
    }

    private static List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row("id" + i, "Product number " + i, i % 2 == 0 ? "Kettles" : "Lamps"));
        }
        return rows;
    }

    private static Row row(String id, String title, String label) {
        return RowFactory.create(id, title, "", "", "", title, label, "hash of " + id);
    }

    private static Dataset<Row> dataset(List<Row> rows) {
        return TestSession.get().createDataFrame(rows, PreparedData.SCHEMA);
    }

    private static List<String> ids(Dataset<Row> rows) {
        return rows.select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
