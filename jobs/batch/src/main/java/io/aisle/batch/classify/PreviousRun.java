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
     * @throws UserException if that run is absent, did not finish, or lost or gained predictions since
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
        opened.ifPresent(PreviousRun::requireWhole);
        return opened;
    }

    /** A look at the footers of its files. */
    private void requireWhole() {
        long found = predictions.count();
        if (found != rows()) {
            throw new UserException("Cannot carry over from the run "
                    + run.directory().uri() + ": found " + found + " predictions, expected the " + rows()
                    + " of its manifest. Restore its files, or give another run, or none, to --previous.");
        }
    }

    static PreviousRun of(SparkSession spark, WrittenRun run) {
        return new PreviousRun(run, Predictions.read(spark, run.directory().child("predictions")));
    }

    /** What {@link ScoringFingerprint} was then; empty where the run does not say. */
    String scoringFingerprint() {
        return run.manifest().path("scoring_fingerprint").asText("");
    }

    /** How many predictions it holds, as its manifest counts them. */
    long rows() {
        return run.manifest().path("rows").path("scored").asLong()
                + run.manifest().path("rows").path("carried").asLong();
    }

    String modelVersion() {
        return run.manifest().path("model_version").asText("unknown");
    }
}
