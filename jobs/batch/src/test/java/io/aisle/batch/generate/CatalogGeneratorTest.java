package io.aisle.batch.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.product.CategoryPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogGeneratorTest {
    private static final GeneratorPlan PLAN = GeneratorPlan.of(50_000, 40, 11);

    private static final Pattern ENTITY = Pattern.compile("&#?[a-z0-9]+;");

    private final CatalogGenerator generator = new CatalogGenerator(PLAN);
    private final List<GeneratedRow> rows = new ArrayList<>();

    @BeforeAll
    void generates() {
        for (long index = 0; index < PLAN.rows(); index++) {
            rows.add(generator.row(index));
        }
    }

    @Test
    void linesDependOnNeitherCallOrderNorNumberOfRowsNorInstance() {
        CatalogGenerator larger = new CatalogGenerator(GeneratorPlan.of(1_000_000, 40, 11));
        List<String> upwards =
                LongStream.range(0, 2_000).mapToObj(generator::line).toList();

        for (int index = upwards.size() - 1; index >= 0; index--) {
            assertThat(larger.line(index)).isEqualTo(upwards.get(index));
        }
    }

    @Test
    void anotherSeedGivesOtherRows() {
        CatalogGenerator other = new CatalogGenerator(GeneratorPlan.of(50_000, 40, 12));

        for (long index = 0; index < 500; index++) {
            assertThat(other.line(index)).isNotEqualTo(generator.line(index));
            assertThat(other.row(index).asin())
                    .isNotEqualTo(generator.row(index).asin());
        }
    }

    @Test
    void travelsAsItsPlan() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(generator);
        }
        assertThat(bytes.size()).isLessThan(4_096);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            CatalogGenerator copy = (CatalogGenerator) in.readObject();
            assertThat(copy.plan()).isEqualTo(PLAN);
            assertThat(copy.line(123)).isEqualTo(generator.line(123));
        }
    }

    @Test
    void refusesRowsBeyondThePlan() {
        assertThatThrownBy(() -> generator.line(50_000))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Cannot generate row 50000: expected 0 to 49999");
        assertThatThrownBy(() -> generator.row(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void eachFaultHasItsRateWithinFiveStandardDeviations() {
        for (Fault fault : Fault.values()) {
            long found = rows.stream().filter(row -> row.has(fault)).count();
            assertThat((double) found).as(fault.name()).isCloseTo(expected(PLAN.rate(fault)), within(PLAN.rate(fault)));
        }
    }

    @Test
    void orderDecidesAtTheStatedRateAndAlikeOnBothSidesOfAPair() {
        assertThat((double) rows.stream().filter(GeneratedRow::isOrderDecided).count())
                .isCloseTo(expected(0.12), within(0.12));
        double phones = orderDecided(CategoryPath.of("Electronics", "Cell Phones", "Smartphones"));
        double cases = orderDecided(CategoryPath.of("Electronics", "Cell Phones", "Cases"));
        assertThat(phones / cases).isBetween(0.85, 1.18);
    }

    @Test
    void eachFaultLeavesItsTraceAndNothingElseDoes() {
        for (GeneratedRow row : rows) {
            String text =
                    row.title() + "\n" + String.join("\n", row.description()) + "\n" + String.join("\n", row.feature());
            boolean isSpecial = text.contains("[SEP]") || text.contains("\uFF3BSEP\uFF3D");
            String odd = text.replace("\uFF3BSEP\uFF3D", "").replaceAll("\\p{ASCII}", "");
            assertThat(row.brand().isEmpty()).isEqualTo(row.has(Fault.MISSING_BRAND));
            assertThat(row.description().isEmpty()).isEqualTo(row.has(Fault.MISSING_DESCRIPTION));
            assertThat(row.feature().isEmpty()).isEqualTo(row.has(Fault.MISSING_FEATURE));
            assertThat(text.contains("<")).as(text).isEqualTo(row.has(Fault.HTML));
            assertThat(ENTITY.matcher(text).find()).as(text).isEqualTo(row.has(Fault.ENTITY));
            assertThat(isSpecial).as(text).isEqualTo(row.has(Fault.SPECIAL_TOKEN));
            assertThat(!odd.isEmpty()).as(text).isEqualTo(row.has(Fault.UNICODE));
            assertThat(row.label().equals(row.category())).isEqualTo(!row.has(Fault.WRONG_LABEL));
            assertThat(row.breakage() != Breakage.NONE).isEqualTo(row.has(Fault.BROKEN_LINE));
        }
    }

    @Test
    void exactCopiesRepeatAllButTheId() {
        for (GeneratedRow row : rowsWith(Fault.EXACT_COPY)) {
            GeneratedRow source = rows.get((int) row.source());
            assertThat(row.index()).isGreaterThan(row.source());
            assertThat(row.asin()).isNotEqualTo(source.asin());
            assertThat(row.title()).isEqualTo(source.title());
            assertThat(row.brand()).isEqualTo(source.brand());
            assertThat(row.description()).isEqualTo(source.description());
            assertThat(row.feature()).isEqualTo(source.feature());
            assertThat(row.label()).isEqualTo(source.label());
        }
    }

    @Test
    void nearCopiesAndDuplicatesAreTheSameProductInOtherWords() {
        for (Fault fault : List.of(Fault.NEAR_COPY, Fault.DUPLICATE_ID)) {
            for (GeneratedRow row : rowsWith(fault)) {
                GeneratedRow source = rows.get((int) row.source());
                assertThat(row.category()).isEqualTo(source.category());
                assertThat(row.title()).isNotEqualTo(source.title());
                assertThat(row.asin().equals(source.asin())).isEqualTo(fault == Fault.DUPLICATE_ID);
            }
        }
    }

    @Test
    void idsAreUniqueButForTheStatedDuplicates() {
        Set<String> ids = new HashSet<>();
        for (GeneratedRow row : rows) {
            assertThat(row.asin()).matches("G[0-9A-Z]{9}");
            assertThat(ids.add(row.asin())).isEqualTo(!row.has(Fault.DUPLICATE_ID));
        }
    }

    @Test
    void classesHaveALongTail() {
        Map<CategoryPath, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row.category(), 1, Integer::sum));
        List<Integer> sizes = counts.values().stream().sorted().toList();

        assertThat(sizes).hasSize(40);
        assertThat((double) sizes.get(39) / sizes.get(0)).isBetween(150.0, 300.0);
        assertThat(generator.leaves().get(0).share()
                        / generator.leaves().get(39).share())
                .isGreaterThanOrEqualTo(200);
    }

    @Test
    void smallCatalogsHaveTheirRareClasses() {
        Map<CategoryPath, Integer> counts = new HashMap<>();
        rows.subList(0, 5_000).forEach(row -> counts.merge(row.category(), 1, Integer::sum));

        assertThat(counts).hasSize(40);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isGreaterThanOrEqualTo(3));
    }

    @Test
    void descriptionsHaveEightyWordsAtMostAndBulletsTwoToFive() {
        CatalogGenerator clean = new CatalogGenerator(GeneratorPlan.of(5_000, 40, 3)
                .withRate(Fault.HTML, 0)
                .withRate(Fault.ENTITY, 0)
                .withRate(Fault.UNICODE, 0)
                .withRate(Fault.SPECIAL_TOKEN, 0)
                .withRate(Fault.MISSING_FEATURE, 0)
                .withRate(Fault.MISSING_DESCRIPTION, 0));
        int longest = 0;
        for (long index = 0; index < 5_000; index++) {
            GeneratedRow row = clean.row(index);
            assertThat(row.feature()).hasSizeBetween(2, 5);
            assertThat(row.description()).hasSize(1);
            longest = Math.max(longest, row.description().get(0).split(" ", -1).length);
        }
        assertThat(longest).isBetween(70, 80);
    }

    @Test
    void brandsSellInSeveralClasses() {
        Map<String, Set<CategoryPath>> sold = new HashMap<>();
        rows.forEach(row ->
                sold.computeIfAbsent(row.brand(), brand -> new HashSet<>()).add(row.category()));

        sold.remove("");
        assertThat(sold.size()).isGreaterThan(30);
        assertThat(sold.values()).allSatisfy(classes -> assertThat(classes).hasSizeGreaterThan(1));
    }

    @Test
    void repeatedRowsAreFreshWhereThereIsNothingToRepeat() {
        CatalogGenerator copies = new CatalogGenerator(GeneratorPlan.of(50, 24, 5)
                .withRate(Fault.BROKEN_LINE, 0)
                .withRate(Fault.DUPLICATE_ID, 0)
                .withRate(Fault.NEAR_COPY, 0)
                .withRate(Fault.EXACT_COPY, 1));

        for (long index = 0; index < 50; index++) {
            assertThat(copies.row(index).source()).isEqualTo(-1);
            assertThat(copies.row(index).faults()).doesNotContain(Fault.EXACT_COPY);
        }
    }

    private List<GeneratedRow> rowsWith(Fault fault) {
        List<GeneratedRow> found = rows.stream().filter(row -> row.has(fault)).toList();
        assertThat(found).isNotEmpty();
        return found;
    }

    private double orderDecided(CategoryPath category) {
        return rows.stream()
                .filter(row -> row.isOrderDecided() && row.category().equals(category))
                .count();
    }

    private static double expected(double rate) {
        return PLAN.rows() * rate;
    }

    /** Five standard deviations of the binomial count. */
    private static Offset<Double> within(double rate) {
        return Offset.offset(5 * Math.sqrt(PLAN.rows() * rate * (1 - rate)));
    }
}
