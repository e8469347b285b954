package io.aisle.batch.classify;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.catalog.Catalog;
import io.aisle.batch.catalog.CatalogReader;
import io.aisle.batch.classify.Comparison.Cause;
import io.aisle.batch.classify.PublishLimits.Check;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.profile.SentWords;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.RunDirectory;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.RefusedException;
import io.aisle.core.model.BackOff;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The nightly job: a whole catalog to predictions, scoring only what changed.
 *
 * <p>Reads a catalog, a bundle and, where asked, an earlier run. Writes {@code <output>/runs/<run-id>/} with predictions, quarantine and
 * duplicates as Parquet, review as gzipped JSON lines, metrics as Parquet and JSON, and the manifest; reads them back, checks that no row
 * was lost and that the run is near enough to the published one, and only then swaps {@code <output>/CURRENT}. Refuses where another run
 * is at work or published meanwhile. A run id that is published already does nothing.
 *
 * <p>One shuffle by id to keep one row an id, one by id to compare with the earlier run, one by text of what has to be scored.
 */
public final class ClassifyJob implements Job {
    public static final Command COMMAND = new Command(
            "classify",
            "Scores a whole catalog and publishes the predictions as a run.",
            ClassifySettings.OPTIONS,
            settings -> new ClassifyJob(ClassifySettings.read(settings)));

    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final long ROWS_PER_FILE = 250_000;
    private static final long MIN_ROWS_PER_FILE = 25_000;

    private final ClassifySettings settings;

    private ClassifyJob(ClassifySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        return List.of(
                "open and verify the model bundle " + settings.model(),
                "read " + settings.catalog().input() + " and quarantine what cannot be used",
                settings.previous()
                        .map(run -> "carry over what did not change since the run " + run)
                        .orElse("carry nothing over"),
                "score one row an id"
                        + settings.engine()
                                .map(engine -> " with the engine " + Settings.choiceName(engine))
                                .orElse("")
                        + (settings.maxScoredRows().isPresent()
                                ? ", at most " + settings.maxScoredRows().getAsLong() + " rows"
                                : ""),
                "write a run below " + settings.output() + "/runs, check it, and swap " + settings.output()
                        + "/CURRENT");
    }

    @Override
    public void run(JobContext context) {
        String runId = settings.runId().isEmpty() ? RUN_ID.format(Instant.now()) : settings.runId();
        try (RunDirectory run = RunDirectory.of(context.spark(), settings.output(), runId, settings.isSingleWriter())) {
            if (run.isPublished()) {
                context.say("run %s is published already: %s", runId, run.uri());
                return;
            }
            StoredBundle stored = StoredBundle.open(ModelLocation.resolve(context.spark(), settings.model()));
            Scoring scoring = Scoring.open(context.spark(), stored.bundle(), engine(stored.bundle()));
            Optional<PreviousRun> published =
                    run.published(context.spark()).map(written -> PreviousRun.of(context.spark(), written));
            Optional<PreviousRun> previous =
                    settings.previous().flatMap(name -> PreviousRun.open(context.spark(), run, name, published));
            if (run.start()) {
                context.say("removed what an unfinished run %s had left", runId);
            }
            for (String removed : run.removeUnpublished(settings.unfinishedAge(), previous.map(PreviousRun::run))) {
                context.say("removed run %s, which is not published", removed);
            }
            classify(context, run, stored.bundle(), scoring, previous, published);
        }
    }

    private void classify(
            JobContext context,
            RunDirectory run,
            ModelBundle bundle,
            Scoring scoring,
            Optional<PreviousRun> previous,
            Optional<PreviousRun> published) {
        String fingerprint = ScoringFingerprint.of(bundle, engine(bundle), settings.top(), settings.isBackingOff());
        context.step("classify: read and clean");
        try (Catalog catalog = new CatalogReader(context.spark(), bundle.recipe())
                .read(settings.catalog().withoutLabels())) {
            catalog.inWords().forEach(line -> context.say("%s", line));
            context.step("classify: compare");
            try (Comparison comparison = Comparison.of(catalog.products().drop("label"), previous, fingerprint)) {
                announce(context, comparison, previous);
                requireWithinCap(comparison);
                Predictions predictions = new Predictions(
                        bundle.labels(),
                        bundle.manifest().acceptThreshold(),
                        settings.top(),
                        settings.isBackingOff() ? BackOff.of(bundle.labels()) : BackOff.none(),
                        bundle.version(),
                        run.runId(),
                        SentWords.of(context.spark(), bundle));
                context.step("classify: score", comparison.rowsToScore());
                // on disk until all is written: the text goes to the review, and the network runs once
                try (KeptRows scored = KeptRows.onDisk(predictions.ofScored(
                        scoring.withProbabilities(comparison.toScore(), comparison.rowsToScore())))) {
                    long texts = Scoring.distinctTexts(scored.rows());
                    write(context, run, catalog, scored.rows().union(predictions.ofCarried(comparison.carried())));
                    RunReport report = new RunReport(
                            settings, run.runId(), bundle, fingerprint, previous, catalog, comparison, texts);
                    check(context, run, report, scored.rows(), published);
                    publish(context, run);
                }
            }
        }
    }

    private Engine engine(ModelBundle bundle) {
        return Engine.of(settings.engine(), bundle.manifest().model());
    }

    private void announce(JobContext context, Comparison comparison, Optional<PreviousRun> previous) {
        if (previous.isEmpty()) {
            context.say(
                    "scoring all %,d products%s",
                    comparison.rowsToScore(),
                    settings.previous().isPresent() ? ": no run is published yet that could be carried over" : "");
            return;
        }
        context.say(
                "since run %s: %,d products carried over, %,d changed, %,d new, %,d removed",
                previous.get().run().runId(),
                comparison.rows(Cause.CARRIED),
                comparison.rows(Cause.CHANGED),
                comparison.rows(Cause.NEW),
                comparison.removed());
        if (comparison.rows(Cause.RESCORED) > 0) {
            context.say(
                    "scoring %,d unchanged products again: they were scored by model %s, or with other settings",
                    comparison.rows(Cause.RESCORED), previous.get().modelVersion());
        }
        context.say("scoring %,d products", comparison.rowsToScore());
    }

    private void requireWithinCap(Comparison comparison) {
        OptionalLong cap = settings.maxScoredRows();
        if (cap.isPresent() && comparison.rowsToScore() > cap.getAsLong()) {
            throw new RefusedException(String.format(
                    Locale.ROOT,
                    "Cannot score the catalog: found %,d products to score (%,d new, %,d changed, %,d because model or settings changed),"
                            + " expected at most %,d. Nothing was changed; raise --max-scored-rows to allow it%s.",
                    comparison.rowsToScore(),
                    comparison.rows(Cause.NEW),
                    comparison.rows(Cause.CHANGED),
                    comparison.rows(Cause.RESCORED),
                    cap.getAsLong(),
                    settings.previous().isPresent() ? "" : ", or carry over what did not change with --previous"));
        }
    }

    private void write(JobContext context, RunDirectory run, Catalog catalog, Dataset<Row> predictions) {
        long rows = catalog.rowsIn() - catalog.quarantined();
        context.step("classify: write predictions", rows);
        int cores = context.spark().sparkContext().defaultParallelism();
        int files =
                Math.toIntExact(Math.max(1, Math.min(rows / MIN_ROWS_PER_FILE, Math.max(cores, rows / ROWS_PER_FILE))));
        Predictions.withoutText(predictions).coalesce(files).write().parquet(run.child("predictions"));

        context.step("classify: write review and quarantine");
        predictions
                .filter(Predictions.isForReview(col("decision")))
                .coalesce(files)
                .write()
                .option("compression", "gzip")
                .json(run.child("review"));
        catalog.quarantine().coalesce(files).write().parquet(run.child("quarantine"));
        catalog.duplicates().coalesce(files).write().parquet(run.child("duplicates"));
    }

    /** Reads the run back, finishes it with its report, and refuses it where it is too far from the published one. */
    private void check(
            JobContext context,
            RunDirectory run,
            RunReport report,
            Dataset<Row> scored,
            Optional<PreviousRun> published) {
        context.step("classify: read back and check");
        WrittenRows written = WrittenRows.check(context.spark(), run, report.rowsIn());
        List<Check> checks = published
                .map(before -> settings.limits().check(written.shares(), Shares.of(before.predictions())))
                .orElse(List.of());
        report.write(context, run, written, checks);
        report.say(context, scored);

        String failed = checks.stream()
                .filter(check -> !check.isPassed())
                .map(Check::inWords)
                .collect(Collectors.joining("; "));
        if (!failed.isEmpty()) {
            run.refuse(failed);
            throw new RefusedException("Cannot publish run " + run.runId() + ": against the published run "
                    + published.orElseThrow().run().runId() + " found " + failed + ". Look at " + run.uri()
                    + "; if it is right, publish it with: aisle promote --output " + settings.output() + " --to "
                    + run.runId());
        }
    }

    private void publish(JobContext context, RunDirectory run) {
        context.step("classify: publish");
        context.say("checked; publishing run %s", run.runId());
        for (String removed : run.publish("classify", settings.keep())) {
            context.say("removed run %s: %d are kept", removed, settings.keep().orElseThrow());
        }
        context.say("published run %s: %s", run.runId(), run.uri());
    }
}
