package io.aisle.batch.catalog;

import static org.apache.spark.sql.functions.lit;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Reads a raw catalog: each non-blank line becomes one row of {@link Catalog#SCHEMA}, cleaned by the recipe or quarantined. */
public final class CatalogReader {
    private final SparkSession spark;
    private final TextRecipe recipe;

    public CatalogReader(SparkSession spark, TextRecipe recipe) {
        this.spark = spark;
        this.recipe = recipe;
    }

    /** Parses the whole input once. Fails on a file that cannot be read to its end, naming it. */
    public Catalog read(CatalogSettings settings) {
        CatalogSettings resolved = settings.format() == CatalogFormat.AUTO
                ? settings.withFormat(
                        Directory.of(spark, settings.input()).hasFileEndingIn(".parquet")
                                ? CatalogFormat.PREPARED
                                : CatalogFormat.AMAZON)
                : settings;
        if (resolved.format() == CatalogFormat.PREPARED) {
            return new Catalog(prepared(resolved), resolved.withoutColumns(), TreeSet::new);
        }
        Dataset<String> lines = lines(resolved);
        return new Catalog(parsed(lines, resolved), resolved, () -> {
            TreeSet<String> names = new TreeSet<>();
            lines.limit(100).collectAsList().forEach(line -> names.addAll(JsonRecords.fieldNames(line)));
            return names;
        });
    }

    private Dataset<String> lines(CatalogSettings settings) {
        try {
            return spark.read().option("lineSep", "\n").textFile(settings.input());
        } catch (Exception e) {
            throw unreadable(settings, e);
        }
    }

    private Dataset<Row> parsed(Dataset<String> lines, CatalogSettings settings) {
        TextRecipe cleaning = recipe;
        MapPartitionsFunction<String, Row> parse = partition -> new ParsedLines(partition, settings, cleaning);
        return lines.mapPartitions(parse, Encoders.row(Catalog.SCHEMA));
    }

    private Dataset<Row> prepared(CatalogSettings settings) {
        try {
            Dataset<Row> rows = spark.read().parquet(settings.input());
            return rows.select("id", "title", "brand", "description", "feature", "label", "content_hash")
                    .withColumn("updated_at", lit(""))
                    .withColumn("reason", lit(null).cast(DataTypes.StringType))
                    .withColumn("detail", lit(""))
                    .withColumn("source_file", lit(null).cast(DataTypes.StringType))
                    .withColumn("raw", lit(null).cast(DataTypes.StringType))
                    .withColumn("present", lit(0L));
        } catch (Exception e) {
            throw unreadable(settings, e);
        }
    }

    /** Spark throws checked exceptions from methods that do not declare them. */
    private static RuntimeException unreadable(CatalogSettings settings, Exception e) {
        String place = "Cannot read " + settings.input() + " as " + Settings.choiceName(settings.format()) + ": ";
        if (e instanceof AnalysisException analysis) {
            boolean isAbsent = "PATH_NOT_FOUND".equals(analysis.getErrorClass());
            return new UserException(
                    place + (isAbsent ? "found no such file, expected a catalog. Check the path." : e.getMessage()), e);
        }
        if (e instanceof SparkException) {
            return new UserException(place + "found no Parquet file, expected what prepare writes. Check --format.", e);
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    /** The rows of one task's lines; knows the file it is in, so that a truncated one can be named. */
    private static final class ParsedLines implements Iterator<Row> {
        private final Iterator<String> lines;
        private final JsonRecords records;
        private final TextRecipe recipe;
        private final boolean isCorrection;
        private String line;

        ParsedLines(Iterator<String> lines, CatalogSettings settings, TextRecipe recipe) {
            this.lines = lines;
            this.records = new JsonRecords(settings);
            this.recipe = recipe;
            this.isCorrection = settings.format() == CatalogFormat.CORRECTIONS;
        }

        @Override
        public boolean hasNext() {
            while (line == null && hasNextLine()) {
                String next = lines.next();
                line = JsonRecords.isBlank(next) ? null : next;
            }
            return line != null;
        }

        private boolean hasNextLine() {
            try {
                return lines.hasNext();
            } catch (Exception e) {
                throw unreadableFile(e);
            }
        }

        private static RuntimeException unreadableFile(Exception e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException) {
                    String found = cause instanceof EOFException
                            ? "its end in the middle of compressed data"
                            : "what cannot be read (" + cause.getMessage() + ")";
                    return new UserException(
                            "Cannot read " + InputFileBlockHolder.getInputFilePath() + ": found " + found
                                    + ", expected a whole file. Copy or write the file again.",
                            e);
                }
            }
            return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = row(line);
            line = null;
            return row;
        }

        private Row row(String raw) {
            JsonRecords.RawRecord parsed = records.read(raw);
            if (parsed.reason() != null) {
                return quarantined(parsed.reason(), parsed.detail(), raw, parsed.present());
            }
            Product product = recipe.clean(parsed.product());
            if (isCorrection && parsed.label() == null) {
                return quarantined(QuarantineReason.MISSING_LABEL, "found no category_path", raw, parsed.present());
            }
            // a correction may name a product that the catalog holds: prepare sees whether it does
            if (!isCorrection && !recipe.hasText(product)) {
                return quarantined(
                        QuarantineReason.NO_TEXT, "found no letter or digit in any field", raw, parsed.present());
            }
            return RowFactory.create(
                    product.id(),
                    product.title(),
                    product.brand(),
                    product.description(),
                    product.feature(),
                    parsed.label(),
                    recipe.contentHash(product),
                    parsed.updatedAt(),
                    null,
                    "",
                    null,
                    null,
                    parsed.present());
        }

        private static Row quarantined(QuarantineReason reason, String detail, String raw, long present) {
            return RowFactory.create(
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    "",
                    reason.key(),
                    detail,
                    InputFileBlockHolder.getInputFilePath().toString(),
                    raw,
                    present);
        }
    }
}
