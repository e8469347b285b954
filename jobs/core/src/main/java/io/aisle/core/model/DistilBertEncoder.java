package io.aisle.core.model;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertGraph;
import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An encoder without a head, executed by ONNX Runtime: what a classifier with {@link DistilBertConfig.Pooling#CLS_AND_MEAN} reads of a
 * product.
 *
 * <p>On a CPU each text is read by itself, since its neighbours in a batch would move its features by float32 rounding: so they are the
 * same bits whatever it was given together with. On a GPU, which would idle, texts share batches as a classifier's do. May be shared by
 * threads; closed when none uses it.
 */
public final class DistilBertEncoder implements AutoCloseable {
    private final TextNetwork network;

    private DistilBertEncoder(TextNetwork network) {
        this.network = network;
    }

    /**
     * Writes an encoder's network.
     *
     * @param weights as {@link DistilBertGraph#features} takes them
     * @return the SHA-256 of the file, in hex
     */
    public static String write(Path file, DistilBertConfig config, Map<String, Tensor> weights) {
        try {
            try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(file))) {
                DistilBertGraph.features(config, weights).writeTo(output);
            }
            return FileHashes.sha256(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the encoder " + file, e);
        }
    }

    /**
     * Opens a copy of what {@link #write} wrote.
     *
     * @param hash that of the file
     * @param maxTokens word pieces a text may have, [CLS] and [SEP] included
     * @param threads how many threads of the CPU one call may use
     * @throws UserException if it is no copy, or if the device cannot be used
     */
    public static DistilBertEncoder open(
            Path file,
            String hash,
            TextRecipe recipe,
            Vocabulary vocabulary,
            int maxTokens,
            int threads,
            Device device) {
        try {
            String found = FileHashes.sha256(file);
            if (!found.equals(hash)) {
                throw new UserException("Cannot open the encoder " + file + ": found sha256 " + found + ", expected "
                        + hash + ". The copy is damaged: run again.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the encoder " + file, e);
        }
        OnnxNetwork network = OnnxNetwork.open(file, DistilBertGraph.FEATURES, threads, device);
        int batchSize = device.isGpu() ? DistilBertClassifier.BATCH_SIZE : 1;
        return new DistilBertEncoder(new TextNetwork(network, recipe, vocabulary, maxTokens, batchSize));
    }

    /**
     * Encodes products whose fields the recipe has cleaned.
     *
     * @return a float[2 dim] a product, in their order: the state of [CLS], then the mean of all
     */
    public List<float[]> features(List<Product> cleanedProducts) {
        return network.read(cleanedProducts);
    }

    @Override
    public void close() {
        network.close();
    }
}
