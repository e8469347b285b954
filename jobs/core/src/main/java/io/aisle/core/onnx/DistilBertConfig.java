package io.aisle.core.onnx;

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
 * classifier.weight [labels, dim], classifier.bias [labels]
 * </pre>
 *
 * @param dim width of a token vector, a multiple of {@code heads}
 * @param hiddenDim width of the feed-forward layer
 * @param pooling how token vectors become the one vector that the classifier reads
 */
public record DistilBertConfig(
        int vocabularySize, int maxPositions, int dim, int layers, int heads, int hiddenDim, Pooling pooling) {
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

    /** How the encoder's last hidden states [batch, tokens, dim] become [batch, dim]. */
    public enum Pooling {
        /** The state of the first token, [CLS]. */
        CLS,
        /** The mean of the states whose attention mask is 1. */
        MEAN
    }
}
