package io.aisle.batch.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.ObjectStores;
import io.aisle.batch.storage.Pointer;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.Sha256;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.storage.Current;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What a run is compared with.
 *
 * @param name the run's id, or the bundle's directory
 * @param modelVersion that scored it
 * @param run empty for a bundle
 * @param profile of the bundle's validation rows; empty for a run
 */
record Baseline(String name, String uri, String modelVersion, Optional<WrittenRun> run, Optional<Profile> profile) {
    static final String PREVIOUS = "previous";
    private static final String PUBLISHED = "CURRENT";
    private static final String RUNS = "runs";

    /** The run that {@code --run} names: its directory, or an output for its published run. */
    static WrittenRun run(SparkSession spark, String uri) {
        Directory directory = Directory.of(spark, uri);
        if (directory.has(Current.KEY) && directory.has(RUNS)) {
            return published(spark, directory);
        }
        WrittenRun run = WrittenRun.open(directory);
        requireRun(run);
        return run;
    }

    /**
     * Opens what {@code --baseline} names: {@value #PREVIOUS}, the run that was published when this one was made; {@value #PUBLISHED}, the
     * one that is published now; a run id of the same output; or the URI of a run, of an output, of a bundle or of a directory of bundles.
     *
     * @throws UserException if it is absent, unfinished, the run itself, or nothing of these
     */
    static Baseline open(SparkSession spark, WrittenRun run, String baseline) {
        Baseline opened = baseline.contains("/") ? ofUri(spark, baseline) : of(named(spark, run, baseline));
        if (opened.uri().equals(run.directory().uri())) {
            throw new UserException("Cannot compare the run " + opened.uri()
                    + ": found itself as the baseline, expected another. Give --baseline " + PREVIOUS
                    + ", another run or a bundle.");
        }
        return opened;
    }

    private static WrittenRun named(SparkSession spark, WrittenRun run, String name) {
        if (name.equals(PUBLISHED)) {
            return published(spark, output(run));
        }
        String id = name;
        if (name.equals(PREVIOUS)) {
            JsonNode before = run.manifest().path("previous");
            if (!before.isTextual()) {
                throw new UserException(
                        "Cannot compare the run " + run.directory().uri()
                                + ": found no run before it (it was the first of its output), expected one."
                                + " Give the bundle as --baseline.");
            }
            id = before.asText();
        }
        return WrittenRun.open(run.directory().parent().directory(id));
    }

    private static Baseline ofUri(SparkSession spark, String uri) {
        Directory directory = Directory.of(spark, uri);
        if (directory.has(Current.KEY)) {
            return directory.has(RUNS) ? of(published(spark, directory)) : ofBundle(ModelLocation.resolve(spark, uri));
        }
        WrittenRun written = WrittenRun.open(directory);
        return written.manifest().has("formatVersion") ? ofBundle(directory) : of(written);
    }

    private static WrittenRun published(SparkSession spark, Directory output) {
        String id = Pointer.read(ObjectStores.of(spark, output, true))
                .current()
                .map(Current::run_id)
                .orElseThrow(() -> new UserException("Cannot find a run in " + output.uri()
                        + ": found none published, expected one. Name a run's directory."));
        return WrittenRun.open(output.directory(RUNS).directory(id));
    }

    /** The output that a run lies in. */
    static Directory output(WrittenRun run) {
        Directory parent = run.directory().parent();
        return parent.name().equals(RUNS) ? parent.parent() : parent;
    }

    private static Baseline of(WrittenRun run) {
        requireRun(run);
        return new Baseline(
                run.runId(),
                run.directory().uri(),
                run.manifest().path("model_version").asText("unknown"),
                Optional.of(run),
                Optional.empty());
    }

    private static void requireRun(WrittenRun run) {
        if (!run.manifest().has("run_id") || !run.manifest().path("rows").has("scored")) {
            throw new UserException("Cannot monitor " + run.directory().uri()
                    + ": found a manifest that is not of a run, expected what classify wrote. Name a run of classify.");
        }
    }

    private static Baseline ofBundle(Directory bundle) {
        byte[] json = bundle.read(ModelManifest.FILE_NAME).getBytes(StandardCharsets.UTF_8);
        ModelManifest manifest = ModelBundle.readManifest(json);
        String file = bundle.child(ModelBundle.PROFILE_FILE);
        String expected = manifest.files().get(ModelBundle.PROFILE_FILE);
        if (expected == null) {
            throw new UserException("Cannot compare with the bundle " + bundle.uri() + ": found no "
                    + ModelBundle.PROFILE_FILE + ", which bundles of before do not have, expected the profile of its"
                    + " validation rows. Train it again, or compare with a run.");
        }
        String profile = bundle.read(ModelBundle.PROFILE_FILE);
        String found = Sha256.hex(profile.getBytes(StandardCharsets.UTF_8));
        if (!found.equals(expected)) {
            throw new UserException("Cannot compare with the bundle " + bundle.uri() + ": found "
                    + ModelBundle.PROFILE_FILE + " with sha256 " + found + ", expected sha256 " + expected
                    + ". It is damaged or was changed: copy the bundle again, or train again.");
        }
        return new Baseline(
                bundle.name(),
                bundle.uri(),
                ModelBundle.version(json),
                Optional.empty(),
                Optional.of(Profile.parse(profile, file)));
    }
}
