package io.aisle.batch.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.TestSession;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ProductGroupTest {
    @Test
    void copiesAndNearCopiesAreOneGroup() {
        for (String copy : List.of(
                "Steel Kettle, 1.5 L", "steel kettle 1.5 l", "STEEL  KETTLE (1.5 L)", "-Steel kettle- 1:5 \"L\"!")) {
            assertThat(ProductGroup.of(copy, "hash")).isEqualTo("steel kettle 1 5 l");
        }
        assertThat(ProductGroup.of("Steel kettle 1.7 L", "hash")).isNotEqualTo("steel kettle 1 5 l");
        assertThat(ProductGroup.of("Théière ÉMAILLÉE 茶壶", "hash")).isEqualTo("théière émaillée 茶壶");
    }

    @Test
    void withoutAWordInTheTitleAllFieldsMakeTheGroup() {
        assertThat(ProductGroup.of("", "hash")).isEqualTo("hash");
        assertThat(ProductGroup.of("-- !", "hash")).isEqualTo("hash");
    }

    @Test
    void everyCharacterIsOfAWordOrBetweenWordsAsUnicodeHasIt() {
        Pattern between = Pattern.compile("[^\\p{L}\\p{N}]+");
        for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
            String title = ("x" + Character.toString(character) + "y").toLowerCase(Locale.ROOT);

            assertThat(ProductGroup.of(title, "hash"))
                    .as("U+%04X", character)
                    .isEqualTo(between.matcher(title).replaceAll(" "));
        }
    }

    @Test
    void aRowWithoutATitleHasNoGroup() {
        StructType schema =
                new StructType().add("title", DataTypes.StringType).add("content_hash", DataTypes.StringType);
        List<Row> rows = List.of(RowFactory.create("Mug, red", "hash"), RowFactory.create(null, null));

        assertThat(TestSession.get()
                        .createDataFrame(rows, schema)
                        .select(ProductGroup.column())
                        .as(Encoders.STRING())
                        .collectAsList())
                .containsExactly("mug red", null);
    }
}
