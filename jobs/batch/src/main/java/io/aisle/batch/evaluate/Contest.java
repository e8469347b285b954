package io.aisle.batch.evaluate;

import io.aisle.batch.JobContext;
import io.aisle.batch.measure.Truths;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.storage.Current;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A candidate beside the champion, or beside a baseline that it only is compared with: both score the same rows in one pass. */
final class Contest {
    private final StoredBundle candidate;
    private final Optional<Promotion> promotion;
    private final Optional<Opponent> champion;
    private final Gate gate;

    /** Who there is to beat. */
    private record Opponent(StoredBundle stored, Scoring scoring, SharedTruths truths) {
        ModelBundle bundle() {
            return stored.bundle();
        }
    }

    private Contest(StoredBundle candidate, Optional<Promotion> promotion, Optional<Opponent> champion, Gate gate) {
        this.candidate = candidate;
        this.promotion = promotion;
        this.champion = champion;
        this.gate = gate;
    }

    /**
     * Who is in the contest; nothing where none was asked for, or where the model is the champion already. A candidate whose rows
     * cannot be shown to be unseen is refused here, before any is read.
     */
    static Optional<Contest> open(JobContext context, EvaluateSettings settings, StoredBundle candidate) {
        Optional<Promotion> promotion = settings.promote()
                ? Optional.of(Promotion.open(
                        context.spark(), settings.models(), candidate.source(), settings.isSingleWriter()))
                : Optional.empty();
        if (promotion.isPresent() && promotion.get().isChampion()) {
            context.say("%s is the champion already: nothing to promote", candidate.name());
            return Optional.empty();
        }
        Optional<StoredBundle> champion = promotion
                .flatMap(Promotion::champion)
                .or(() -> settings.baseline().map(uri -> ModelLocation.resolve(context.spark(), uri)))
                .map(StoredBundle::open);
        if (promotion.isEmpty() && champion.isEmpty()) {
            return Optional.empty();
        }
        HeldOut heldOut = HeldOut.of(
                context.spark(),
                settings.catalog(),
                Stream.concat(Stream.of(candidate), champion.stream())
                        .map(StoredBundle::bundle)
                        .toList());
        Gate gate = new Gate(settings.gate(), settings.seed(), heldOut);
        if (promotion.isPresent() && !gate.heldOut().passed()) {
            throw promotion
                    .get()
                    .refused(gate.heldOut().refusal(), gate.heldOut().advice());
        }
        return Optional.of(new Contest(
                candidate,
                promotion,
                champion.map(stored -> new Opponent(
                        stored,
                        Scoring.open(context.spark(), stored.bundle(), Engine.ONNX),
                        new SharedTruths(candidate.bundle(), stored.bundle()))),
                gate));
    }

    /** The number of each path that a model in the contest knows, the candidate's own first. */
    Map<String, Integer> numbers() {
        return champion.map(opponent -> opponent.truths().numbers())
                .orElseGet(() -> new Truths(candidate.bundle()).numbers());
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
        return gate.judge(candidate.bundle(), champion.get().bundle(), truths, comparison);
    }

    /** Reports, and promotes or refuses where that was asked for. */
    void conclude(JobContext context, Directory output, GateReport report) {
        output.write(
                "gate.json",
                report.json(
                        name(candidate),
                        champion.map(Opponent::stored).map(Contest::name).orElse(null)));
        context.say(
                "%s beside %s on the same rows",
                candidate.name(),
                champion.map(opponent -> opponent.stored().name())
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
                "champion before: %s\nchampion now:    %s",
                now.previous() == null ? "none" : now.previous(), now.run_id());
    }

    private static Map<String, String> name(StoredBundle stored) {
        return Map.of("name", stored.name(), "version", stored.bundle().version());
    }
}
