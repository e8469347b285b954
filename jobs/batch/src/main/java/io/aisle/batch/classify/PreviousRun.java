package io.aisle.batch.classify;

import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.RunDirectory;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.UserException;
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
     * @throws UserException if that run is absent, is this one, did not finish, or lost or gained predictions since
     */
    static Optional<PreviousRun> open(
            SparkSession spark, RunDirectory run, String previous, Optional<PreviousRun> published) {
        if (previous.equals(PUBLISHED)) {
            return published;
        }
        WrittenRun written =
                previous.contains("/") ? WrittenRun.open(Directory.of(spark, previous)) : run.written(previous);
        if (written.directory().uri().equals(run.uri())) {
            throw new UserException("Cannot carry over from the run " + run.uri()
                    + ": found the run that is about to be written, expected an earlier one. Choose another --run-id.");
        }
        written.requireWhole(spark);
        return Optional.of(of(spark, written));
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
