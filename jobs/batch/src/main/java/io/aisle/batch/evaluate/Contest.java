package io.aisle.batch.evaluate;

import io.aisle.batch.JobContext;
import io.aisle.batch.measure.Truths;
import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.RefusedException;
import io.aisle.core.metric.ConfusionMatrix;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.storage.Current;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

    /**
     * How it ended.
     *
     * @param now what the models say after a promotion
     * @param refusal why there was none, where one was asked for
     */
    record Outcome(GateReport report, Optional<Current> now, Optional<RefusedException> refusal) {
        Outcome {
            if (now.isPresent() && refusal.isPresent()) {
                throw new IllegalArgumentException("promoted and refused at once");
            }
        }
    }

    /** Writes what the gate found, and promotes or refuses where that was asked for. */
    Outcome settle(Directory output, GateReport report) {
        output.write(
                "gate.json",
                report.json(
                        name(candidate),
                        champion.map(Opponent::stored).map(Contest::name).orElse(null)));
        if (promotion.isEmpty()) {
            return new Outcome(report, Optional.empty(), Optional.empty());
        }
        if (!report.isPassed()) {
            return new Outcome(
                    report, Optional.empty(), Optional.of(promotion.get().refused(report.refusals(), report.advice())));
        }
        try {
            return new Outcome(report, Optional.of(promotion.get().promote(report)), Optional.empty());
        } catch (RefusedException e) {
            return new Outcome(report, Optional.empty(), Optional.of(e));
        }
    }

    /** Says how it ended; throws where a promotion was refused. */
    void conclude(JobContext context, Directory output, Outcome outcome) {
        GateReport report = outcome.report();
        context.say(
                "%s beside %s on the same rows",
                candidate.name(),
                champion.map(opponent -> opponent.stored().name())
                        .orElse("always naming the commonest class, for there is no champion yet"));
        context.say(report.table());
        report.macroF1().notes().forEach(note -> context.say("note: %s", note));
        context.say("gate: %s", output.child("gate.json"));
        outcome.now()
                .ifPresent(now -> context.say(
                        "champion before: %s\nchampion now:    %s",
                        now.previous() == null ? "none" : now.previous(), now.run_id()));
        outcome.refusal().ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** What a reader of the report must know first. */
    Verdict verdict(Outcome outcome) {
        GateReport report = outcome.report();
        if (outcome.now().isPresent()) {
            String before = outcome.now().get().previous();
            return new Verdict(
                    "ok",
                    "Promoted",
                    List.of(
                            candidate.name() + " is the champion now"
                                    + (before == null ? ", the first." : ", in the place of " + before + "."),
                            "The gate found " + report.summary() + "."));
        }
        if (outcome.refusal().isPresent()) {
            String rules = report.rules().stream()
                    .filter(rule -> !rule.passed())
                    .map(Rule::rule)
                    .collect(Collectors.joining(", "));
            return new Verdict(
                    "fail",
                    "Refused: " + (rules.isEmpty() ? "another champion was published meanwhile" : rules),
                    List.of(outcome.refusal().get().getMessage()));
        }
        String name = champion.orElseThrow().stored().name();
        return new Verdict(
                "info",
                report.isPassed() ? "Would pass the gate beside " + name : "Would be refused beside " + name,
                List.of(
                        "The gate found " + report.summary() + ".",
                        "Nothing was promoted: --promote was not asked for."));
    }

    /** The candidate's numbers beside the other's, on the same rows and in the classes that both can be judged in. */
    Map<String, Object> beside(GateReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", champion.isEmpty() ? "commonest_class" : promotion.isPresent() ? "champion" : "baseline");
        json.put("name", champion.map(opponent -> opponent.stored().name()).orElse(null));
        json.put(
                "version", champion.map(opponent -> opponent.bundle().version()).orElse(null));
        json.put(
                "metrics",
                report.metrics().stream().map(GateReport.MetricPair::json).toList());
        json.put("macro_f1_delta", report.deltaJson());
        return json;
    }

    private static Map<String, String> name(StoredBundle stored) {
        return Map.of("name", stored.name(), "version", stored.bundle().version());
    }
}
