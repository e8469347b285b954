package io.aisle.batch.reduced;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.ngram.SentIndex;
import io.aisle.core.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Trains a kind of few features: chooses the n-grams that say most about the label, makes vectors, fits, and asks validation. */
public final class ReducedTraining {
    private ReducedTraining() {}

    /**
     * Trains.
     *
     * @param data has validation rows
     * @param labels in the order of their indices; each has a train row
     * @param weightOfLabel what a row of each label counts
     * @param work a local directory; what is trained lies there
     */
    public static ReducedTrained train(
            JobContext context,
            PreparedData data,
            List<String> labels,
            double[] weightOfLabel,
            ReducedSettings settings,
            Fitting fitting,
            long seed,
            Path work) {
        PreparedManifest manifest = data.manifest();
        try {
            Path index = Files.createDirectories(work.resolve("index"));
            context.step("train: choose features");
            int features = MutualInformation.writeIndex(
                    data.rows(Split.TRAIN),
                    manifest.trainRows(),
                    manifest.recipe(),
                    settings.ngrams(),
                    settings.minProducts(),
                    settings.features(),
                    index);
            if (features == 0) {
                throw new UserException("Cannot choose features: found no n-gram in " + settings.minProducts()
                        + " train rows, expected some. Lower train.reduced.min-products.");
            }
            context.say("%,d n-grams are features: those that say most about the label", features);
            SentIndex sent = SentIndex.send(context.spark(), index, settings.ngrams(), manifest.recipe());
            Path files = Files.createDirectories(work.resolve("model"));
            Dataset<Row> vectors = rows(data, Split.TRAIN, sent, labels, weightOfLabel);
            if (settings.smote().isPresent()) {
                Smote smote = settings.smote().get();
                Map<String, Long> rows = manifest.trainRows();
                long[] rowsOfLabel = labels.stream().mapToLong(rows::get).toArray();
                context.say("classes of fewer rows are filled up to %,d, by SMOTE", smote.target(rowsOfLabel));
                vectors = smote.fill(vectors, rowsOfLabel, seed);
            }
            context.step("train: fit");
            ReducedModel model;
            try (KeptRows train = KeptRows.onDisk(vectors)) {
                model = fitting.fit(train.rows(), features, labels.size(), seed, files);
            }
            context.step("train: ask validation");
            ReducedAnswers answers =
                    ReducedAnswers.of(rows(data, Split.VALIDATION, sent, labels, weightOfLabel), model, files);
            return new ReducedTrained(index, model, files, answers.logits(), answers.labels());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + work, e);
        }
    }

    private static Dataset<Row> rows(
            PreparedData data, Split split, SentIndex index, List<String> labels, double[] weightOfLabel) {
        return ReducedRows.of(data.rows(split), data.manifest().rows().get(split.key()), index, labels, weightOfLabel);
    }
}
