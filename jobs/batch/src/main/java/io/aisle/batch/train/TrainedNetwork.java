package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.BundledNetwork;
import io.aisle.core.model.NetworkDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TrainingSummary.Epoch;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A network with its head, however it was trained.
 *
 * @param maxTokens word pieces a text is cut to
 * @param weights as {@link io.aisle.core.onnx.DistilBertGraph#build} takes them
 */
record TrainedNetwork(
        DistilBertConfig config,
        Vocabulary vocabulary,
        int maxTokens,
        SortedMap<String, Tensor> weights,
        float[][] validationLogits,
        int[] validationLabels,
        Map<String, Double> metrics,
        Map<String, String> chosen,
        List<Epoch> epochs,
        Map<String, String> libraries)
        implements Trained {

    @Override
    public BundleWriter write(Path directory, PreparedManifest data, List<CategoryPath> labels, Scaling scaling) {
        return BundleWriter.write(
                directory,
                NetworkDefinition.of(data.recipe(), maxTokens, labels, data.foldMap(), config),
                vocabulary,
                weights,
                scaling);
    }

    /** The Spark NLP pipeline. */
    @Override
    public void addExtras(JobContext context, Path directory, Directory output) {
        context.step("train: save the Spark NLP pipeline");
        SavedPipeline.save(
                context,
                SparkNlpPipeline.build(
                        context.spark(),
                        SentFile.send(context.spark(), directory.resolve(BundledNetwork.MODEL_FILE)),
                        vocabulary.pieces(),
                        validationLogits[0].length,
                        maxTokens),
                directory,
                output);
    }
}
