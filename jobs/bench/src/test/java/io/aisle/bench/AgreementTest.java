package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementTest {
    private static final StructType TOP =
            new StructType().add("category", DataTypes.StringType).add("confidence", DataTypes.FloatType);
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("category", DataTypes.StringType)
            .add("confidence", DataTypes.FloatType)
            .add("top", DataTypes.createArrayType(TOP));

    @TempDir
    private Path directory;

    @Test
    void countsOtherCategoriesWhereTheBestTwoAreApart() {
        Agreement same = LocalSpark.with(session -> {
            write(session, "first", row("a", "Tea", 0.6f, 0.4f), row("b", "Tea", 0.5f, 0.4999f));
            write(session, "second", row("a", "Tea", 0.625f, 0.375f), row("b", "Cup", 0.5f, 0.5f));
            return Agreement.of(session, directory.resolve("first"), directory.resolve("second"));
        });
        Agreement other = LocalSpark.with(session -> {
            write(session, "third", row("a", "Cup", 0.6f, 0.4f), row("c", "Tea", 1, 0));
            return Agreement.of(session, directory.resolve("first"), directory.resolve("third"));
        });

        assertThat(same).isEqualTo(new Agreement(2, 0, 1, 0, 0.625f - 0.6f));
        assertThat(same.isMet()).isTrue();
        assertThat(other).isEqualTo(new Agreement(1, 2, 1, 1, 0));
        assertThat(other.isMet()).isFalse();
    }

    private void write(SparkSession session, String name, Row... rows) {
        session.createDataFrame(Arrays.asList(rows), SCHEMA)
                .write()
                .parquet(directory.resolve(name).toString());
    }

    private static Row row(String id, String category, float confidence, float next) {
        return RowFactory.create(
                id,
                category,
                confidence,
                List.of(RowFactory.create(category, confidence), RowFactory.create("Else", next)));
    }
}
