package io.aisle.batch.train.frozen;

import static io.aisle.batch.score.Encoding.FEATURES;

import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.score.Encoding;
import io.aisle.batch.storage.Directory;
import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What an encoder made of texts, as Parquet on any file system: {@code <root>/<key>/<part>/*.parquet}, one row a text, its content_hash and
 * its features (array of float).
 *
 * <p>The key names all that features depend on beside the text. Every write makes a part of its own, which counts once Spark has left its
 * {@value #MARKER} there, the last thing it writes: what a killed write left is never read. Two writers at once may both encode a text;
 * it is read once.
 */
final class FeatureCache {
    private static final String MARKER = "_SUCCESS";
    private static final String CONTENT_HASH = "content_hash";

    /** Raised with every change that gives some text other features, or other files. */
    private static final int VERSION = 1;

    private static final int KEY_DIGITS = 16;

    private static final StructType SCHEMA = new StructType()
            .add(CONTENT_HASH, DataTypes.StringType)
            .add(FEATURES, DataTypes.createArrayType(DataTypes.FloatType, false));

    private final SparkSession spark;
    private final Directory directory;

    private FeatureCache(SparkSession spark, Directory directory) {
        this.spark = spark;
        this.directory = directory;
    }

    /**
     * The features of one encoder; nothing is read or written yet.
     *
     * @param root URI of the directory that holds those of all encoders
     * @param fingerprint of the encoder: sizes, vocabulary and weights
     * @param maxTokens word pieces a text is cut to
     */
    static FeatureCache open(SparkSession spark, String root, String fingerprint, TextRecipe recipe, int maxTokens) {
        String named = String.join(
                "\n", fingerprint, recipe.toString(), Integer.toString(maxTokens), Integer.toString(VERSION));
        String key = Sha256.hex(named.getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
        return new FeatureCache(spark, Directory.of(spark, root).directory(key));
    }

    /**
     * Encodes the texts that are not there yet, each once, and adds them.
     *
     * @param products with the columns that {@link Encoding} reads
     * @param encoder asked for where texts are missing, with their number
     * @return how many texts were encoded
     */
    long add(Dataset<Row> products, LongFunction<Encoding> encoder) {
        Dataset<Row> cached = read().select(CONTENT_HASH);
        Dataset<Row> missing = products.join(
                        cached, products.col(CONTENT_HASH).equalTo(cached.col(CONTENT_HASH)), "left_anti")
                .dropDuplicates(CONTENT_HASH);
        try (KeptRows kept = KeptRows.onDisk(missing)) {
            long texts = reading(() -> kept.rows().count());
            if (texts > 0) {
                write(encoder.apply(texts).withFeatures(kept.rows(), texts));
            }
            return texts;
        }
    }

    private void write(Dataset<Row> encoded) {
        Directory part = directory.directory(UUID.randomUUID().toString());
        part.requireWholeCommit();
        encoded.select(CONTENT_HASH, FEATURES).write().parquet(part.uri());
        part.requireCommitted();
        if (!part.has(MARKER)) {
            throw new UserException("Cannot use what was written to " + part.uri() + ": found no " + MARKER
                    + ", expected Spark to write one at the end. Remove the directory, set"
                    + " spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs to true, and run again.");
        }
    }

    /** Rows with their features at the end, without those whose text was never added. */
    Dataset<Row> withFeatures(Dataset<Row> rows) {
        return rows.join(read().dropDuplicates(CONTENT_HASH), CONTENT_HASH);
    }

    /**
     * Runs what reads features.
     *
     * @throws UserException where a file of theirs cannot be read
     */
    <T> T reading(Supplier<T> action) {
        try {
            return action.get();
        } catch (Exception e) {
            // Spark throws checked exceptions from methods that do not declare them; its messages name the file
            Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                    .map(cause -> String.valueOf(cause.getMessage()))
                    .filter(message -> message.contains("/" + directory.name() + "/"))
                    .findFirst()
                    .ifPresent(message -> {
                        throw unusable(message.lines().findFirst().orElse(message), e);
                    });
            throw e;
        }
    }

    /** Says that features are not what they have to be. */
    UserException unusable(String found, Exception cause) {
        return new UserException(
                "Cannot use the cached features " + directory.uri() + ": found " + found
                        + ", expected what the encoder wrote. Remove the directory; the texts are then encoded again.",
                cause);
    }

    private Dataset<Row> read() {
        List<String> parts = directory.directories().stream()
                .filter(part -> part.has(MARKER))
                .map(Directory::uri)
                .sorted()
                .toList();
        return parts.isEmpty()
                ? spark.createDataFrame(List.of(), SCHEMA)
                : spark.read().schema(SCHEMA).parquet(parts.toArray(String[]::new));
    }
}
