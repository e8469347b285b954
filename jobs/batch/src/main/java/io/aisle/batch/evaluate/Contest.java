package io.aisle.batch.evaluate;

import io.aisle.batch.JobContext;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.Pointer.Current;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.ModelBundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A candidate beside the champion, or beside a baseline that it only is compared with: both score the same rows in one pass. */
final class Contest {
    private final ModelBundle candidate;
    private final Optional<Promotion> promotion;
    private final Optional<Opponent> champion;
    private final Gate gate;

    /** Who there is to beat. */
    private record Opponent(ModelBundle bundle, Scoring scoring, SharedTruths truths) {}

    private Contest(ModelBundle candidate, Optional<Promotion> promotion, Optional<Opponent> champion, Gate gate) {
        this.candidate = candidate;
        this.promotion = promotion;
        this.champion = champion;
        this.gate = gate;
    }

    /**
     * Who is in the contest; nothing where none was asked for, or where the model is the champion already. A candidate whose rows
     * cannot be shown to be unseen is refused here, before any is read.
     */
    static Optional<Contest> open(
            JobContext context, EvaluateSettings settings, Directory model, ModelBundle candidate) {
        Optional<Promotion> promotion = settings.promote()
                ? Optional.of(Promotion.open(context.spark(), settings.models(), model, settings.isSingleWriter()))
                : Optional.empty();
        if (promotion.isPresent() && promotion.get().isChampion()) {
            context.say("%s is the champion already: nothing to promote", model.name());
            return Optional.empty();
        }
        Optional<ModelBundle> champion = promotion
                .flatMap(Promotion::champion)
                .or(() -> settings.baseline().map(uri -> ModelLocation.resolve(context.spark(), uri)))
                .map(EvaluateJob::open);
        if (promotion.isEmpty() && champion.isEmpty()) {
            return Optional.empty();
        }
        HeldOut heldOut = HeldOut.of(
                context.spark(),
                settings.catalog(),
                Stream.concat(Stream.of(candidate), champion.stream()).toList());
        Gate gate = new Gate(settings.gate(), settings.seed(), heldOut);
        if (promotion.isPresent() && !gate.heldOut().passed()) {
            throw promotion
                    .get()
                    .refused(gate.heldOut().refusal(), gate.heldOut().advice());
        }
        return Optional.of(new Contest(
                candidate,
                promotion,
                champion.map(bundle -> new Opponent(
                        bundle,
                        Scoring.open(context.spark(), bundle, Engine.ONNX),
                        new SharedTruths(candidate, bundle))),
                gate));
    }

    /** The number of each path that a model in the contest knows, the candidate's own first. */
    Map<String, Integer> numbers() {
        return champion.map(opponent -> opponent.truths().numbers()).orElseGet(() -> new Truths(candidate).numbers());
    }

    /** Adds the champion's probabilities to rows that have the candidate's. */
    Dataset<Row> withChampion(Dataset<Row> scored) {
        if (champion.isEmpty()) {
            return scored;
        }
        String aside = "candidate_" + Scoring.PROBABILITIES;
        return champion.get()
                .scoring()
                .withProbabilities(scored.withColumnRenamed(Scoring.PROBABILITIES, aside))
                .withColumnRenamed(Scoring.PROBABILITIES, Comparison.CHAMPION)
                .withColumnRenamed(aside, Scoring.PROBABILITIES);
    }

    /**
     * Puts the candidate through the gate's rules.
     *
     * @param scored rows of (truth, candidate's probabilities, champion's probabilities)
     * @param confusion of the candidate by itself
     */
    GateReport judge(Dataset<Row> scored, ConfusionMatrix confusion, double calibrationError) {
        if (champion.isEmpty()) {
            return gate.judgeFirst(confusion, calibrationError);
        }
        SharedTruths truths = champion.get().truths();
        Comparison comparison = new Comparison(truths);
        scored.javaRDD()
                .mapPartitions(
                        partition -> List.of(Comparison.of(partition, truths)).iterator())
                .collect()
                .forEach(comparison::merge);
        return gate.judge(candidate, champion.get().bundle(), truths, comparison);
    }

    /** Reports, and promotes or refuses where that was asked for. */
    void conclude(JobContext context, Directory output, GateReport report) {
        output.write(
                "gate.json",
                report.json(
                        name(candidate),
                        champion.map(Opponent::bundle).map(Contest::name).orElse(null)));
        context.say(
                "%s beside %s on the same rows",
                candidate.directory().getFileName(),
                champion.map(opponent ->
                                opponent.bundle().directory().getFileName().toString())
                        .orElse("always naming the commonest class, for there is no champion yet"));
        context.say(report.table());
        report.macroF1().notes().forEach(note -> context.say("note: %s", note));
        context.say("gate: %s", output.child("gate.json"));
        if (promotion.isEmpty()) {
            return;
        }
        if (!report.isPassed()) {
            throw promotion.get().refused(report.refusals(), report.advice());
        }
        Current now = promotion.get().promote(report);
        context.say(
                "champion before: %s%nchampion now:    %s",
                now.previous() == null ? "none" : now.previous(), now.run_id());
    }

    private static Map<String, String> name(ModelBundle bundle) {
        return Map.of("name", bundle.directory().getFileName().toString(), "version", bundle.version());
    }
}
