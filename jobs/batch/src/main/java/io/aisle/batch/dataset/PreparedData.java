package io.aisle.batch.dataset;

import static org.apache.spark.sql.functions.lit;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
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

    private final SparkSession spark;
    private final Directory directory;
    private final PreparedManifest manifest;

    private PreparedData(SparkSession spark, Directory directory, PreparedManifest manifest) {
        this.spark = spark;
        this.directory = directory;
        this.manifest = manifest;
    }

    public static PreparedData open(SparkSession spark, String uri) {
        Directory directory = Directory.of(spark, uri);
        if (!directory.has(PreparedManifest.FILE)) {
            throw new UserException("Cannot read prepared data from " + uri + ": found no " + PreparedManifest.FILE
                    + (directory.exists() ? " (prepare did not finish)" : " (no such directory)")
                    + ", expected what prepare writes. Run prepare, and give its --output.");
        }
        return new PreparedData(
                spark,
                directory,
                PreparedManifest.parse(directory.read(PreparedManifest.FILE), directory.child(PreparedManifest.FILE)));
    }

    public PreparedManifest manifest() {
        return manifest;
    }

    public Dataset<Row> rows(Split split) {
        return read(split.key());
    }

    /** The rows that have no label. */
    public Dataset<Row> unlabelled() {
        return read(UNLABELLED);
    }

    /** What can be learnt without labels: the train rows and the unlabelled ones, with a null for a label. */
    public Dataset<Row> withoutLabels() {
        return rows(Split.TRAIN).withColumn("label", lit(null).cast("string")).unionByName(unlabelled());
    }

    private Dataset<Row> read(String part) {
        if (!directory.directory(part).exists()) {
            throw new UserException("Cannot read prepared data from " + directory.uri() + ": found no directory " + part
                    + ", expected what prepare writes. Run prepare again.");
        }
        return spark.read().schema(SCHEMA).parquet(directory.child(part));
    }
}
