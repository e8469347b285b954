package io.aisle.batch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.catalog.JsonRecords.RawRecord;
import io.aisle.batch.generate.CatalogGenerator;
import io.aisle.batch.generate.Fault;
import io.aisle.batch.generate.GeneratedRow;
import io.aisle.batch.generate.GeneratorPlan;
import io.aisle.core.text.TextRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the generator breaks is refused by the reader, for the reason that the generator states. */
class GeneratedLinesTest {
    private static final TextRecipe RECIPE = TextRecipe.standard();

    private final JsonRecords records = new JsonRecords(
            new CatalogSettings("products", CatalogFormat.AMAZON, Map.of(), List.of(), 1_000_000), null);

    @Test
    void brokenLinesAreQuarantinedForTheirBreakage() {
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(2_000, 40, 31)
                .withRate(Fault.DUPLICATE_ID, 0)
                .withRate(Fault.EXACT_COPY, 0)
                .withRate(Fault.NEAR_COPY, 0)
                .withRate(Fault.BROKEN_LINE, 1));
        for (long index = 0; index < 2_000; index++) {
            String line = generator.line(index);
            RawRecord record = records.read(line);
            QuarantineReason expected = switch (generator.row(index).breakage()) {
                case CUT, NOT_JSON -> QuarantineReason.UNPARSABLE;
                case WRONG_TYPE -> QuarantineReason.WRONG_TYPE;
                case MISSING_ID -> QuarantineReason.MISSING_ID;
                case EMPTY_TEXT -> QuarantineReason.NO_TEXT;
                case NONE -> throw new AssertionError("whole line " + line);
            };
            assertThat(reason(record)).as(line).isEqualTo(expected);
        }
    }

    @Test
    void wholeLinesAreProductsWithTheirLabels() {
        CatalogGenerator generator =
                new CatalogGenerator(GeneratorPlan.of(2_000, 40, 32).withRate(Fault.BROKEN_LINE, 0));
        for (long index = 0; index < 2_000; index++) {
            GeneratedRow row = generator.row(index);
            RawRecord record = records.read(generator.line(index));
            assertThat(reason(record)).as(row.toString()).isNull();
            assertThat(record.product().id()).isEqualTo(row.asin());
            assertThat(record.label()).isEqualTo(row.label().toString());
        }
    }

    /** As the catalog's reader gives it: it looks for text in what could be read. */
    private static QuarantineReason reason(RawRecord record) {
        return record.product() != null && !RECIPE.hasText(RECIPE.clean(record.product()))
                ? QuarantineReason.NO_TEXT
                : record.reason();
    }
}
