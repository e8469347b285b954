package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What prepare wrote: {@code train}, {@code validation}, {@code test} and {@code unlabelled} as Parquet, and the manifest. */
public final class PreparedData {
    /** The directory of the rows that have no label, and their name in the manifest. */
    public static final String UNLABELLED = "unlabelled";

    /** Cleaned fields; text is the whole recipe text; label a rendered category path. */
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("title", DataTypes.StringType)
            .add("brand", DataTypes.StringType)
            .add("description", DataTypes.StringType)
            .add("feature", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("content_hash", DataTypes.StringType);

    private final PreparedManifest manifest;
    private final Function<String, Dataset<Row>> parts;

    private PreparedData(PreparedManifest manifest, Function<String, Dataset<Row>> parts) {
        this.manifest = manifest;
        this.parts = parts;
    }

    public static PreparedData open(SparkSession spark, String uri) {
        Directory directory = Directory.of(spark, uri);
        if (!directory.has(PreparedManifest.FILE)) {
            throw new UserException("Cannot read prepared data from " + uri + ": found no " + PreparedManifest.FILE
                    + (directory.exists() ? " (prepare did not finish)" : " (no such directory)")
                    + ", expected what prepare writes. Run prepare, and give its --output.");
        }
        return new PreparedData(
                PreparedManifest.parse(directory.read(PreparedManifest.FILE), directory.child(PreparedManifest.FILE)),
                part -> read(spark, directory, part));
    }

    /**
     * Other rows to train on and to validate by; nothing to test by. Two passes, to count them.
     *
     * @param name tells it apart from other data of the same origin
     * @param validation rows of labels without a train row are left out
     */
    static PreparedData of(PreparedManifest origin, String name, Dataset<Row> train, Dataset<Row> validation) {
        Map<String, Long> trainRows = rowsOfLabels(train);
        Dataset<Row> known = validation.filter(col("label").isInCollection(trainRows.keySet()));
        PreparedManifest manifest = origin.with(name, trainRows, rowsOfLabels(known));
        Map<String, Dataset<Row>> parts = Map.of(
                Split.TRAIN.key(),
                train,
                Split.VALIDATION.key(),
                known,
                Split.TEST.key(),
                train.limit(0),
                UNLABELLED,
                train.limit(0));
        return new PreparedData(manifest, parts::get);
    }

    private static Map<String, Long> rowsOfLabels(Dataset<Row> rows) {
        Map<String, Long> counts = new TreeMap<>();
        for (Row row : rows.groupBy("label").count().collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    public PreparedManifest manifest() {
        return manifest;
    }

    public Dataset<Row> rows(Split split) {
        return parts.apply(split.key());
    }

    /** The rows that have no label. */
    public Dataset<Row> unlabelled() {
        return parts.apply(UNLABELLED);
    }

    /** What can be learnt without labels: the train rows and the unlabelled ones, with a null for a label. */
    public Dataset<Row> withoutLabels() {
        return rows(Split.TRAIN).withColumn("label", lit(null).cast("string")).unionByName(unlabelled());
    }

    private static Dataset<Row> read(SparkSession spark, Directory directory, String part) {
        if (!directory.directory(part).exists()) {
            throw new UserException("Cannot read prepared data from " + directory.uri() + ": found no directory " + part
                    + ", expected what prepare writes. Run prepare again.");
        }
        return spark.read().schema(SCHEMA).parquet(directory.child(part));
    }
}
