package io.aisle.batch.monitor;

import io.aisle.batch.profile.ProductMeasures;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.ProfileBuilder;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.UserException;
import io.aisle.core.model.Decision;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The predictions of a run, those of their columns that monitor reads. What a run of before did not write is null. */
final class PredictionRows {
    private static final int MERGE_DEPTH = 2;
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("category_path", DataTypes.createArrayType(DataTypes.StringType))
            .add("confidence", DataTypes.FloatType)
            .add("decision", DataTypes.StringType)
            .add("model_version", DataTypes.StringType)
            .add("content_hash", DataTypes.StringType)
            .add("filled", DataTypes.createArrayType(DataTypes.StringType))
            .add("characters", DataTypes.IntegerType)
            .add("words", DataTypes.IntegerType)
            .add("unknown_words", DataTypes.IntegerType);

    private PredictionRows() {}

    /** Refuses a run that is damaged or has no prediction. */
    static Dataset<Row> read(SparkSession spark, WrittenRun run) {
        run.requireWhole(spark);
        if (run.predictions() == 0) {
            throw new UserException("Cannot monitor the run " + run.directory().uri()
                    + ": found no prediction, expected some. Look at its quarantine, or name another run.");
        }
        return spark.read().schema(SCHEMA).parquet(run.directory().child("predictions"));
    }

    /** One pass; a profile a partition, which meet on executors. */
    static Profile profile(Dataset<Row> predictions) {
        return predictions
                .javaRDD()
                .mapPartitions(rows -> {
                    ProfileBuilder builder = new ProfileBuilder();
                    rows.forEachRemaining(row -> add(builder, row));
                    return List.of(builder).iterator();
                })
                .treeReduce(ProfileBuilder::merge, MERGE_DEPTH)
                .build();
    }

    private static void add(ProfileBuilder builder, Row row) {
        List<String> path = List.copyOf(row.getList(row.fieldIndex("category_path")));
        builder.addPrediction(
                path, row.<Float>getAs("confidence"), Decision.REVIEW.key().equals(row.getAs("decision")));
        if (row.getAs("words") != null) {
            Integer unknown = row.getAs("unknown_words");
            builder.addText(
                    path,
                    new ProductMeasures(
                            row.getList(row.fieldIndex("filled")),
                            row.<Integer>getAs("characters"),
                            row.<Integer>getAs("words"),
                            unknown == null ? OptionalInt.empty() : OptionalInt.of(unknown)));
        }
    }
}
