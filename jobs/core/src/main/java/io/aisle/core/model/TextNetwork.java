package io.aisle.core.model;

import io.aisle.core.onnx.OnnxNetwork;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.Vocabulary;
import io.aisle.core.text.WordPieceTokenizer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A network that reads products. Of those given together, the ones whose texts have the same tokens are read once, and the texts are sorted
 * by length before they are batched with others of about their length, so that next to no padding is computed. May be shared by threads.
 */
final class TextNetwork implements AutoCloseable {
    private final OnnxNetwork network;
    private final TextRecipe recipe;
    private final Vocabulary vocabulary;
    private final int maxTokens;
    private final int batchSize;
    /** Each remembers the words it has met and serves one thread at a time. */
    private final Queue<WordPieceTokenizer> idleTokenizers = new ConcurrentLinkedQueue<>();

    TextNetwork(OnnxNetwork network, TextRecipe recipe, Vocabulary vocabulary, int maxTokens, int batchSize) {
        this.network = network;
        this.recipe = recipe;
        this.vocabulary = vocabulary;
        this.maxTokens = maxTokens;
        this.batchSize = batchSize;
    }

    /**
     * Reads products whose fields the recipe has cleaned.
     *
     * @return the network's output, a float[width] a product, in their order; products of the same tokens share one array
     */
    List<float[]> read(List<Product> cleanedProducts) {
        List<IntBuffer> texts = tokenIds(cleanedProducts);
        Map<IntBuffer, float[]> answers = new HashMap<>();
        for (List<IntBuffer> batch : LengthBatches.of(texts.stream().distinct().toList(), batchSize)) {
            float[][] outputs = network.run(batch.stream().map(IntBuffer::array).toList());
            for (int i = 0; i < outputs.length; i++) {
                answers.put(batch.get(i), outputs[i]);
            }
        }
        return texts.stream().map(answers::get).toList();
    }

    @Override
    public void close() {
        network.close();
    }

    /** One a product, in order: wrapped, since a buffer is equal to another of the same content and an array is not. */
    private List<IntBuffer> tokenIds(List<Product> cleanedProducts) {
        WordPieceTokenizer idle = idleTokenizers.poll();
        WordPieceTokenizer tokenizer = idle == null ? new WordPieceTokenizer(vocabulary) : idle;
        List<IntBuffer> texts = new ArrayList<>(cleanedProducts.size());
        for (Product product : cleanedProducts) {
            texts.add(IntBuffer.wrap(recipe.fit(product, tokenizer, maxTokens).ids()));
        }
        idleTokenizers.add(tokenizer);
        return texts;
    }
}
