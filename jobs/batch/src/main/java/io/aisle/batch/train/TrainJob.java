package io.aisle.batch.train;

import io.aisle.batch.Job;
import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.train.TrainSettings.Kind;
import io.aisle.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prepared data to a model bundle.
 *
 * <p>Reads what prepare wrote. Writes a bundle to {@code <output>}. Refuses an output that exists, data without validation rows, and a label
 * without a train row.
 */
public final class TrainJob implements Job {
    public static final Command COMMAND = new Command(
            "train",
            "Trains a classifier on prepared data and writes it as a model bundle.",
            TrainSettings.OPTIONS,
            settings -> new TrainJob(TrainSettings.read(settings)));

    private final TrainSettings settings;

    private TrainJob(TrainSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<String> plan() {
        List<String> plan = new ArrayList<>();
        plan.add("read prepared data from " + settings.data());
        if (settings.kind() == Kind.LINEAR) {
            plan.add("count the n-grams of the train rows");
            plan.add("fit each category against all others of its level"
                    + (settings.linear().refit() ? ", then go on with the validation rows" : ""));
        } else if (settings.fitting().isPresent()) {
            plan.add("choose the " + settings.reduced().features()
                    + " n-grams of the train rows that say most about the label");
            settings.reduced()
                    .smote()
                    .ifPresent(smote -> plan.add("fill up rare classes by SMOTE, to the quantile " + smote.quantile()));
            plan.add("fit " + settings.fitting().get().asText() + " to them");
        } else if (settings.kind() == Kind.STACK) {
            String kinds = settings.members().stream()
                    .map(member -> Settings.choiceName(member.kind()))
                    .collect(Collectors.joining(", "));
            plan.add("train " + kinds + " on the train rows but one part in "
                    + settings.stack().folds() + ", and ask each about that part, part after part");
            plan.add("find how much each counts, and train each on all train rows");
        } else if (settings.kind() == Kind.CASCADE) {
            plan.add("train linear and "
                    + Settings.choiceName(settings.members().get(1).kind()));
            plan.add("find how sure linear has to be, so that the two together lose no more accuracy than "
                    + settings.cascadeTarget() + " against the better one");
        } else {
            planNetwork(plan);
        }
        plan.add("find the temperature, and the threshold for precision " + settings.targetPrecision()
                + ", on the validation rows");
        plan.add("write the model bundle " + settings.output());
        return plan;
    }

    private void planNetwork(List<String> plan) {
        settings.size()
                .ifPresentOrElse(
                        size -> plan.add(settings.embeddings()
                                .map(bag -> "take the vocabulary and the word embeddings of " + bag)
                                .orElse("learn a vocabulary of at most " + settings.vocabularySize()
                                        + " word pieces from the train rows")),
                        () -> plan.add("read the encoder " + settings.encoder()));
        settings.teacher().ifPresent(teacher -> plan.add("ask the teacher " + teacher));
        plan.add(
                settings.kind() == Kind.DISTILBERT_FROZEN
                        ? "encode the texts whose features are not in "
                                + settings.frozen().features() + ", and fit heads to them"
                        : "train " + settings.encoder() + " for up to "
                                + settings.plan().epochs()
                                + " epochs on one executor, on its GPU where Spark is asked for them");
    }

    @Override
    public void run(JobContext context) {
        Directory output = Directory.of(context.spark(), settings.output());
        output.requireAbsent("a model bundle");
        new BundleTraining(context, settings).train(PreparedData.open(context.spark(), settings.data()), output);
    }
}
