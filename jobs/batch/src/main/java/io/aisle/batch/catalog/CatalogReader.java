package io.aisle.batch.catalog;

import io.aisle.core.product.Taxonomy;
import io.aisle.core.text.TextRecipe;
import org.apache.spark.sql.SparkSession;

/** Reads a raw catalog: each record becomes one row of {@link Catalog#SCHEMA}, cleaned by the recipe or quarantined. */
public final class CatalogReader {
    private final SparkSession spark;
    private final TextRecipe recipe;

    public CatalogReader(SparkSession spark, TextRecipe recipe) {
        this.spark = spark;
        this.recipe = recipe;
    }

    /** Parses the whole input once. Fails on a file that cannot be read to its end, naming it, unless such files are to be skipped. */
    public Catalog read(CatalogSettings settings) {
        boolean isCatalog = settings.format() != CatalogFormat.CORRECTIONS;
        InputFiles files = InputFiles.list(
                spark, settings.input(), isCatalog ? "a catalog" : "a file or directory of corrections, maybe empty");
        CatalogSettings resolved = settings.format() == CatalogFormat.AUTO
                ? settings.withFormat(DetectedFormat.of(spark, files, settings))
                : settings;
        return new Catalog(source(files, resolved), resolved);
    }

    private CatalogSource source(InputFiles files, CatalogSettings settings) {
        if (settings.format() == CatalogFormat.PREPARED) {
            return new PreparedSource(spark, settings);
        }
        Taxonomy taxonomy = settings.hasTaxonomy() ? TaxonomyFile.read(spark, settings.taxonomy()) : null;
        return settings.format() == CatalogFormat.PARQUET
                ? new ParquetSource(spark, ParquetFooters.read(spark, files, settings), settings, recipe, taxonomy)
                : new TextSource(spark, files, settings, recipe, taxonomy);
    }
}
