package io.aisle.core.model;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import io.aisle.core.text.Vocabulary;
import java.nio.file.Path;
import java.util.List;

/**
 * Scores products with a bundle's network, by ONNX Runtime.
 *
 * <p>Of the products given together, those whose texts have the same tokens are scored once, and the texts are sorted by length
 * before they are batched, so that next to no padding is computed. Neither shows in the answers, but for float32 rounding.
 */
public final class DistilBertClassifier implements Classifier {
    /** As fast as larger batches on a CPU, and a batch this small pads less. */
    public static final int BATCH_SIZE = 8;

    private final List<CategoryPath> labels;
    private final TextNetwork network;

    private DistilBertClassifier(ModelDefinition model, Vocabulary vocabulary, OnnxNetwork network) {
        this.labels = model.labels();
        this.network = new TextNetwork(network, model.recipe(), vocabulary, model.maxTokens(), BATCH_SIZE);
    }

    /**
     * Loads a bundle's network.
     *
     * @param threads how many threads one call may use
     */
    public static DistilBertClassifier open(ModelBundle bundle, int threads) {
        return open(bundle.modelFile(), bundle.manifest().model(), bundle.vocabulary(), threads, Device.CPU);
    }

    /** Loads a network that no bundle vouches for yet. */
    static DistilBertClassifier open(
            Path modelFile, ModelDefinition model, Vocabulary vocabulary, int threads, Device device) {
        OnnxNetwork network = OnnxNetwork.open(modelFile, threads, device);
        if (network.labels() != model.labels().size()) {
            network.close();
            throw new UserException("Cannot score with the network " + modelFile + ": found an output of "
                    + network.labels() + " labels, expected " + model.labels().size()
                    + ", those of the model. Train again.");
        }
        return new DistilBertClassifier(model, vocabulary, network);
    }

    @Override
    public List<CategoryPath> labels() {
        return labels;
    }

    @Override
    public List<float[]> probabilities(List<Product> cleanedProducts) {
        return logits(cleanedProducts).stream()
                .map(DistilBertClassifier::softmax)
                .toList();
    }

    /**
     * The network's output, of which {@link #probabilities} is the softmax.
     *
     * @return float[labels] a product, log-probabilities; products of the same tokens share one array
     */
    public List<float[]> logits(List<Product> cleanedProducts) {
        return network.read(cleanedProducts);
    }

    @Override
    public void close() {
        network.close();
    }

    private static float[] softmax(float[] logits) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        double sum = 0;
        double[] exponentials = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp((double) logits[i] - greatest);
            sum += exponentials[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }
}
