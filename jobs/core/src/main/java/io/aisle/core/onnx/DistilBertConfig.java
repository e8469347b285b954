package io.aisle.core.onnx;

import java.io.Serializable;

/**
 * The sizes of a DistilBERT encoder (Sanh et al. 2019, "DistilBERT, a distilled version of BERT"), with a linear classifier on top.
 *
 * <p>Its weights bear the names that Hugging Face gives them:
 *
 * <pre>
 * distilbert.embeddings.word_embeddings.weight      [vocabularySize, dim]
 * distilbert.embeddings.position_embeddings.weight  [maxPositions, dim]
 * distilbert.embeddings.LayerNorm.{weight,bias}     [dim]
 * distilbert.transformer.layer.I.attention.{q_lin,k_lin,v_lin,out_lin}.weight [dim, dim], .bias [dim]
 * distilbert.transformer.layer.I.sa_layer_norm.{weight,bias}      [dim]
 * distilbert.transformer.layer.I.ffn.lin1.weight [hiddenDim, dim], .bias [hiddenDim]
 * distilbert.transformer.layer.I.ffn.lin2.weight [dim, hiddenDim], .bias [dim]
 * distilbert.transformer.layer.I.output_layer_norm.{weight,bias}  [dim]
 * classifier.weight [labels, pooledDim], classifier.bias [labels]
 * </pre>
 *
 * <p>Without a layer it is a bag of word pieces: word embeddings, pooling and classifier, neither positions nor LayerNorm.
 *
 * @param maxPositions word pieces that a text can have
 * @param dim width of a token vector, a multiple of {@code heads}
 * @param hiddenDim width of the feed-forward layer
 * @param pooling how token vectors become the one vector that the classifier reads
 */
public record DistilBertConfig(
        int vocabularySize, int maxPositions, int dim, int layers, int heads, int hiddenDim, Pooling pooling)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Added to the variance inside every LayerNorm. */
    public static final float LAYER_NORM_EPSILON = 1e-12f;

    /** Added to the attention scores of padding: its share is exactly 0 after the softmax. */
    public static final float PADDING_SCORE = -1e9f;

    public DistilBertConfig {
        if (heads < 1 || dim % heads != 0) {
            throw new IllegalArgumentException("Cannot build a DistilBERT: found dim " + dim + " and " + heads
                    + " heads, expected dim to be a multiple of heads");
        }
    }

    /** Whether tokens meet, so that their order matters; else it is a bag. */
    public boolean hasLayers() {
        return layers > 0;
    }

    /** Width of the vector that the classifier reads. */
    public int pooledDim() {
        return pooling == Pooling.CLS_AND_MEAN ? 2 * dim : dim;
    }

    /** The same encoder under a classifier that reads it in another way. */
    public DistilBertConfig with(Pooling other) {
        return new DistilBertConfig(vocabularySize, maxPositions, dim, layers, heads, hiddenDim, other);
    }

    /**
     * The memory that one run of the network takes beside the weights, in bytes, at most:
     *
     * <pre>4 · batch · (tokens · (6 · dim + 2 · hiddenDim) + 3 · heads · tokens²)</pre>
     *
     * <p>The numbers are float32. Of a layer there are at once: its input, queries, keys, values, their mixture and the sum (6 · dim a
     * token), the feed-forward layer before and after its activation (2 · hiddenDim a token), and the attention scores, masked scores and
     * their softmax (heads · tokens² each). ONNX Runtime hands the memory of one layer on to the next, so the number of layers does not
     * count.
     */
    public long activationBytes(int batch, int tokens) {
        long perToken = 6L * dim + 2L * hiddenDim;
        long attention = 3L * heads * tokens * tokens;
        return (long) Float.BYTES * batch * (tokens * perToken + attention);
    }

    /** How the encoder's last hidden states [batch, tokens, dim] become [batch, pooledDim]. */
    public enum Pooling {
        /** The state of the first token, [CLS]. */
        CLS,
        /** The mean of the states whose attention mask is 1. */
        MEAN,
        /** Both, one after the other. */
        CLS_AND_MEAN
    }
}
