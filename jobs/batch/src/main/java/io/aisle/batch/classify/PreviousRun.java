package io.aisle.batch.classify;

import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.RunDirectory;
import io.aisle.batch.storage.WrittenRun;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A finished run whose predictions may be carried over. */
record PreviousRun(WrittenRun run, Dataset<Row> predictions) {
    private static final String PUBLISHED = "CURRENT";

    /**
     * Opens what {@code --previous} names.
     *
     * @param previous {@value #PUBLISHED}: the published run of this output, if there is one; a run id of this output; or the URI of a
     *     run directory
     * @param published the published run
     * @throws io.aisle.core.UserException if that run is absent, did not finish, or lost or gained predictions since
     */
    static Optional<PreviousRun> open(
            SparkSession spark, RunDirectory run, String previous, Optional<PreviousRun> published) {
        Optional<PreviousRun> opened = previous.equals(PUBLISHED)
                ? published
                : Optional.of(of(
                        spark,
                        previous.contains("/")
                                ? WrittenRun.open(Directory.of(spark, previous))
                                : run.written(previous)));
        opened.ifPresent(before -> before.run().requireWhole(spark));
        return opened;
    }

    static PreviousRun of(SparkSession spark, WrittenRun run) {
        return new PreviousRun(run, Predictions.read(spark, run.directory().child("predictions")));
    }

    /** What {@link ScoringFingerprint} was then; empty where the run does not say. */
    String scoringFingerprint() {
        return run.manifest().path("scoring_fingerprint").asText("");
    }

    String modelVersion() {
        return run.manifest().path("model_version").asText("unknown");
    }
}
