package io.aisle.batch.catalog;

import io.aisle.batch.catalog.TextSource.FirstRecords;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/** The format of an input whose user did not name one: by the files' names, then by what the first records hold. */
final class DetectedFormat {
    private static final Pattern CSV = Pattern.compile(".*\\.csv(\\.[a-z0-9]+)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern JSON =
            Pattern.compile(".*\\.(json|jsonl|ndjson)(\\.[a-z0-9]+)?", Pattern.CASE_INSENSITIVE);
    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** Of files whose names say nothing, the first are opened, on the driver. */
    private static final int MAX_OPENED = 100;

    private DetectedFormat() {}

    static CatalogFormat of(SparkSession spark, InputFiles files, CatalogSettings settings) {
        Directory directory = Directory.of(spark, settings.input());
        if (directory.has(PreparedManifest.FILE) && directory.has(Split.TRAIN.key())) {
            throw new UserException("Cannot read " + settings.input()
                    + ": found all that prepare wrote, expected one of its parts. Give "
                    + directory.child(Split.TEST.key()) + ", for example.");
        }
        TreeSet<CatalogFormat> kinds = new TreeSet<>();
        int opened = 0;
        for (String uri : files.uris()) {
            Optional<CatalogFormat> named = byName(uri);
            named.ifPresent(kinds::add);
            if (named.isEmpty() && opened < MAX_OPENED) {
                opened++;
                kinds.add(beginsAsParquet(spark, uri) ? CatalogFormat.PARQUET : CatalogFormat.JSONL);
            }
        }
        if (kinds.size() > 1) {
            throw undecided(
                    settings, "files of several formats among " + files.uris().size());
        }
        if (kinds.contains(CatalogFormat.CSV)) {
            return CatalogFormat.CSV;
        }
        return kinds.contains(CatalogFormat.PARQUET)
                ? parquet(ParquetFooters.read(spark, files, settings), settings)
                : json(spark, files, settings);
    }

    private static Optional<CatalogFormat> byName(String uri) {
        if (CSV.matcher(uri).matches()) {
            return Optional.of(CatalogFormat.CSV);
        }
        if (JSON.matcher(uri).matches()) {
            return Optional.of(CatalogFormat.JSONL);
        }
        return uri.endsWith(".parquet") ? Optional.of(CatalogFormat.PARQUET) : Optional.empty();
    }

    private static boolean beginsAsParquet(SparkSession spark, String uri) {
        try (InputStream in = FileSlice.whole(uri).stream(spark.sessionState().newHadoopConf())) {
            return Arrays.equals(in.readNBytes(PARQUET_MAGIC.length), PARQUET_MAGIC);
        } catch (IOException e) {
            // whoever reads it says so
            return false;
        }
    }

    /** Columns or labels that the user names are not those of prepare. */
    private static CatalogFormat parquet(ParquetFooters footers, CatalogSettings settings) {
        boolean isPrepared = settings.columns().isEmpty()
                && settings.label().isEmpty()
                && !footers.whole().isEmpty()
                && footers.allHave(PreparedSource.COLUMNS);
        return isPrepared ? CatalogFormat.PREPARED : CatalogFormat.PARQUET;
    }

    private static CatalogFormat json(SparkSession spark, InputFiles files, CatalogSettings settings) {
        FirstRecords first = TextSource.firstRecords(spark, files, settings.withFormat(CatalogFormat.JSONL));
        if (first.names().contains("asin")) {
            return CatalogFormat.AMAZON;
        }
        if (first.names().contains("sku") && !settings.columns().containsKey("id")) {
            return CatalogFormat.BESTBUY;
        }
        if (!first.names().isEmpty()) {
            if (settings.columns().containsKey("id")) {
                return CatalogFormat.JSONL;
            }
            throw undecided(
                    settings,
                    "records with neither asin nor sku but " + String.join(", ", first.names())
                            + ", and no --columns id=");
        }
        // nothing to read, or only broken records, which will be counted
        if (first.records() == 0
                || files.uris().stream().allMatch(uri -> JSON.matcher(uri).matches())) {
            return CatalogFormat.AMAZON;
        }
        throw undecided(settings, "no JSON, and no name that ends in .csv or .parquet");
    }

    private static UserException undecided(CatalogSettings settings, String found) {
        return new UserException("Cannot tell the format of " + settings.input() + ": found " + found
                + ", expected one of the formats. Name it with --format: " + CatalogFormat.names() + ".");
    }
}
