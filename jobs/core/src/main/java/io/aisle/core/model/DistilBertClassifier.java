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

    private DistilBertClassifier(NetworkDefinition model, Vocabulary vocabulary, OnnxNetwork network) {
        this.labels = model.labels();
        this.network = new TextNetwork(network, model.recipe(), vocabulary, model.maxTokens(), BATCH_SIZE);
    }

    /** Loads the network of a bundle's directory. */
    static DistilBertClassifier open(Path bundle, NetworkDefinition model, int threads, Device device) {
        BundledNetwork files = BundledNetwork.of(bundle, model);
        OnnxNetwork network = OnnxNetwork.open(files.modelFile(), threads, device);
        if (network.labels() != model.labels().size()) {
            network.close();
            throw new UserException("Cannot score with the network " + files.modelFile() + ": found an output of "
                    + network.labels() + " labels, expected " + model.labels().size()
                    + ", those of the model. Train again.");
        }
        return new DistilBertClassifier(model, files.vocabulary(), network);
    }

    @Override
    public List<CategoryPath> labels() {
        return labels;
    }

    @Override
    public List<float[]> logits(List<Product> cleanedProducts) {
        return network.read(cleanedProducts);
    }

    @Override
    public void close() {
        network.close();
    }
}
