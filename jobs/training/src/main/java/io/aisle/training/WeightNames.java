package io.aisle.training;

/** The Hugging Face names of a DistilBERT's weights, and what training must know of each. */
final class WeightNames {
    static final String WORD_EMBEDDINGS = "distilbert.embeddings.word_embeddings.weight";
    static final String POSITION_EMBEDDINGS = "distilbert.embeddings.position_embeddings.weight";
    static final String EMBEDDING_NORM = "distilbert.embeddings.LayerNorm";
    static final String CLASSIFIER = "classifier";

    private WeightNames() {}

    static String layer(int index) {
        return "distilbert.transformer.layer." + index + ".";
    }

    static boolean isBias(String name) {
        return name.endsWith(".bias");
    }

    static boolean isLayerNorm(String name) {
        return name.contains("LayerNorm.") || name.contains("layer_norm.");
    }
}
