package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.WordPieceTokenizer;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeUpCatalogTest {
    private static final int ROWS = 200;

    @TempDir
    private Path directory;

    @Test
    void textsAreDistinctAndAsLongAsTheDecilesSay() {
        Path catalog = directory.resolve("catalog");
        MadeUpCatalog.write(catalog, ROWS);
        TextRecipe recipe = TextRecipe.standard();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(BaseSizeBundle.vocabulary());

        List<Row> rows = LocalSpark.with(
                session -> session.read().parquet(catalog.toString()).collectAsList());

        assertThat(rows).hasSize(ROWS);
        assertThat(rows.stream().map(row -> row.getString(1) + " " + row.getString(2)))
                .doesNotHaveDuplicates();
        for (int row = 0; row < ROWS; row++) {
            Product product = new Product(
                    rows.get(row).getString(0),
                    rows.get(row).getString(1),
                    "",
                    rows.get(row).getString(2),
                    "");
            assertThat(recipe.fit(recipe.clean(product), tokenizer, 128).ids())
                    .hasSize(MadeUpCatalog.length((row + 0.5) / ROWS));
        }
    }
}
