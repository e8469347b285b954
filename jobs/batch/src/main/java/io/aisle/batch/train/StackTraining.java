package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.Folds;
import io.aisle.batch.dataset.Folds.Fold;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.telemetry.Names;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.settings.Settings;
import io.aisle.training.ValidationScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits how much each of several kinds counts, to what they say of train rows that they were not trained on (stacked generalization: Wolpert
 * 1992), and then trains each on all train rows.
 *
 * <p>What they say is collected for a sample of the rows: there is one weight a member to fit, so that more rows would say no more.
 */
final class StackTraining {
    /** Log-probabilities that the driver holds at most: 128 MB of them, and as much again while weights are fitted. */
    private static final long MAX_NUMBERS = 1L << 25;

    private static final long SAMPLE_STEPS = 1_000_000;
    /** Standard deviations that answers out of fold may be better than those of validation: chance alone is further off once in a million. */
    private static final double MAX_DEVIATIONS = 5;

    private final JobContext context;
    private final TrainSettings settings;
    private final PreparedData data;
    private final List<String> labels;
    private final Members members;

    StackTraining(TrainSettings settings, PreparedData data, List<String> labels, Members members) {
        this.context = members.context();
        this.settings = settings;
        this.data = data;
        this.labels = labels;
        this.members = members;
    }

    TrainedStack train() {
        // kept, since each part's models read them again
        try (KeptRows numbered = KeptRows.onDisk(Folds.number(
                data.rows(Split.TRAIN),
                settings.stack().folds(),
                settings.plan().seed()))) {
            return train(numbered.rows());
        }
    }

    /** Trains on train rows whose parts are known. */
    TrainedStack train(Dataset<Row> numbered) {
        MemberAnswers outOfFold = outOfFold(numbered);
        // whose answers to validation rows count, since they do not know these
        List<ModelBundle> bundles = settings.members().stream()
                .map(member -> members.ofAll("validated", member.withoutRefit(), data, labels))
                .toList();
        MemberAnswers validation = MemberAnswers.of(
                bundles, data.rows(Split.VALIDATION), data.manifest().rows().get(Split.VALIDATION.key()), labels);
        List<Double> weights = outOfFold.weights();
        requireNoLeak(outOfFold, validation, weights);
        report(validation, weights);
        List<ModelBundle> refitted = new ArrayList<>();
        for (int i = 0; i < bundles.size(); i++) {
            TrainSettings member = settings.members().get(i);
            refitted.add(
                    member.equals(member.withoutRefit())
                            ? bundles.get(i)
                            : members.ofAll("refitted", member, data, labels));
        }
        return new TrainedStack(refitted, weights, kinds(), validation.together(weights), validation.labels());
    }

    private List<String> kinds() {
        return settings.members().stream()
                .map(member -> Settings.choiceName(member.kind()))
                .toList();
    }

    /** What the members say of a sample of the train rows, fold by fold. */
    private MemberAnswers outOfFold(Dataset<Row> numbered) {
        int folds = settings.stack().folds();
        long trainRows = data.manifest().rows().get(Split.TRAIN.key());
        long sampled = Math.min(
                settings.stack().rows(),
                MAX_NUMBERS / labels.size() / settings.members().size());
        double share = Math.min(1, (double) sampled / trainRows);
        List<MemberAnswers> answers = new ArrayList<>();
        TreeSet<String> unknown = new TreeSet<>();
        for (int number = 0; number < folds; number++) {
            Fold fold = Folds.of(data.manifest(), numbered, folds, number, Optional.of(data.rows(Split.VALIDATION)));
            unknown.addAll(fold.unknown());
            String stage = "fold " + (number + 1);
            List<ModelBundle> bundles = settings.members().stream()
                    .map(member -> members.of(stage, member, fold.others(), fold.labels()))
                    .toList();
            answers.add(MemberAnswers.of(
                            bundles,
                            sample(withoutCopies(fold.held()), share),
                            (long) (share * trainRows / folds),
                            fold.labels())
                    .withLabels(fold.labels(), labels));
        }
        if (!unknown.isEmpty()) {
            context.say(
                    "%d labels have train rows in one fold alone, so that no model can say anything of them there:"
                            + " these rows do not count for the weights: %s",
                    unknown.size(), Names.some(List.copyOf(unknown)));
        }
        return MemberAnswers.join(answers);
    }

    /**
     * A product that prepare repeats, since a person corrected it, is asked about once, as it is in validation: else the weights would be
     * fitted to a few products, and {@link #requireNoLeak} would compare these with all.
     */
    private Dataset<Row> withoutCopies(Dataset<Row> rows) {
        return data.manifest().repeated() == 0 ? rows : rows.dropDuplicates("id");
    }

    /** About this share of the rows, chosen by their ids. */
    private static Dataset<Row> sample(Dataset<Row> rows, double share) {
        if (share == 1) {
            return rows;
        }
        return rows.filter(
                pmod(xxhash64(col("id"), lit("stack")), lit(SAMPLE_STEPS)).lt((long) (share * SAMPLE_STEPS)));
    }

    /**
     * Models that answer rows they were trained on are better at these than at rows of validation. The models that answer these know more
     * rows, so that without a leak they are, if anything, the better ones.
     */
    private static void requireNoLeak(MemberAnswers outOfFold, MemberAnswers validation, List<Double> weights) {
        double accuracy = accuracy(outOfFold, weights);
        double expected = accuracy(validation, weights);
        double pooled = (accuracy * outOfFold.labels().length + expected * validation.labels().length)
                / (outOfFold.labels().length + validation.labels().length);
        double deviation =
                Math.sqrt(pooled * (1 - pooled) * (1.0 / outOfFold.labels().length + 1.0 / validation.labels().length));
        if (accuracy - expected > MAX_DEVIATIONS * deviation) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "Cannot train a stack: found that %.1f%% of the train rows are answered right by models that were not trained"
                            + " on them, expected no more than the %.1f%% of validation. Copies of train rows lie in more than one"
                            + " fold, or validation has other products: give copies one title, and prepare again.",
                    100 * accuracy,
                    100 * expected));
        }
    }

    private static double accuracy(MemberAnswers answers, List<Double> weights) {
        return ValidationScores.of(answers.together(weights), answers.labels()).accuracy();
    }

    private void report(MemberAnswers validation, List<Double> weights) {
        for (int member = 0; member < weights.size(); member++) {
            context.say(
                    "%s counts %.3f; alone: validation accuracy %.4f",
                    kinds().get(member),
                    weights.get(member),
                    ValidationScores.of(validation.logits()[member], validation.labels())
                            .accuracy());
        }
        context.say("together: validation accuracy %.4f", accuracy(validation, weights));
    }
}
