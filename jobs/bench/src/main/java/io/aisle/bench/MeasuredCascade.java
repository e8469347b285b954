package io.aisle.bench;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.CascadeDefinition;
import io.aisle.core.model.LinearDefinition;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Provenance;
import io.aisle.core.model.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cascades of a linear classifier that was trained on made-up products and a network of DistilBERT's size with random weights. Their speed
 * is that of a real one that sends as many rows on; of accuracy they say nothing.
 */
final class MeasuredCascade {
    private final Path directory;
    private final ModelBundle linear;
    private final ModelBundle network;
    private final List<Double> confidences;

    private MeasuredCascade(Path directory, ModelBundle linear, ModelBundle network, List<Double> confidences) {
        this.directory = directory;
        this.linear = linear;
        this.network = network;
        this.confidences = confidences;
    }

    /**
     * Trains the linear classifier, and has it classify the catalog, to learn how sure it is of its rows.
     *
     * @param directory where nothing is yet
     */
    static MeasuredCascade train(Path directory, Path catalog, int maxTokens, List<String> submit)
            throws IOException, InterruptedException {
        String prepared = directory.resolve("prepared").toString();
        Path model = directory.resolve("linear");
        List<String> prepare = new ArrayList<>(List.of("prepare"));
        prepare.addAll(MadeUpCatalog.input(catalog));
        prepare.addAll(List.of("--label", MadeUpCatalog.LABEL, "--min-class-size", "5", "--output", prepared));
        Commands.aisle(prepare, submit, Map.of());
        Commands.aisle(
                List.of("train", "--data", prepared, "--kind", "linear", "--output", model.toString()),
                submit,
                Map.of());
        ClassifyRun run =
                ClassifyRun.of(model, MadeUpCatalog.input(catalog), directory.resolve("by-linear"), List.of(), submit);
        List<Double> confidences =
                LocalSpark.with(session -> session
                        .read()
                        .parquet(run.predictions().toString())
                        .select(col("confidence").cast("double"))
                        .collectAsList()
                        .stream()
                        .map(row -> row.getDouble(0))
                        .sorted()
                        .toList());
        ModelBundle linear = ModelBundle.open(model);
        NetworkDefinition definition = NetworkDefinition.of(
                linear.recipe(),
                maxTokens,
                linear.labels(),
                linear.manifest().model().foldMap(),
                BaseSizeBundle.CONFIG);
        ModelBundle network = finish(BundleWriter.write(
                directory.resolve("network"),
                definition,
                BaseSizeBundle.vocabulary(),
                BaseSizeBundle.weights(linear.labels().size()),
                Scaling.NONE));
        return new MeasuredCascade(directory, linear, network, confidences);
    }

    /** Writes a cascade that sends a share of the rows of the catalog to the network. */
    Path sending(double share) {
        double threshold =
                confidences.get((int) Math.min(confidences.size() - 1L, Math.round(share * confidences.size())));
        CascadeDefinition cascade = new CascadeDefinition(
                linear.recipe(),
                linear.labels(),
                linear.manifest().model().foldMap(),
                (LinearDefinition) linear.manifest().model(),
                (NetworkDefinition) network.manifest().model(),
                threshold,
                Scaling.NONE);
        return finish(BundleWriter.write(
                        directory.resolve("sending-" + share),
                        cascade,
                        bundle -> {
                            linear.copyModel(bundle.resolve(CascadeDefinition.FIRST_DIRECTORY));
                            network.copyModel(bundle.resolve(CascadeDefinition.SECOND_DIRECTORY));
                        },
                        Scaling.NONE))
                .directory();
    }

    private static ModelBundle finish(BundleWriter writer) {
        return writer.finish(Provenance.of("made up", Map.of(), Map.of(), Map.of()), Map.of(), 0.03, 0.9);
    }
}
