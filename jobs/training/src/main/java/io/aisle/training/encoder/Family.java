package io.aisle.training.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The kinds of checkpoints that hold a DistilBERT: its own, and BERT's, which is the same but for its token types and its names. */
enum Family {
    DISTILBERT(
            "distilbert",
            "(vocab_transform|vocab_layer_norm|vocab_projector|pre_classifier|classifier|qa_outputs)\\..+"
                    + "|(distilbert\\.)?embeddings\\.position_ids"),
    BERT(
            "bert",
            "(cls|(bert\\.)?pooler|classifier|qa_outputs)\\..+|(bert\\.)?embeddings\\.(position_ids|token_type_ids)");

    /** What BERT calls the parts of a weight's name. */
    private static final Map<String, String> BERT_NAMES = Map.of(
            "transformer.layer.", "encoder.layer.",
            ".attention.q_lin.", ".attention.self.query.",
            ".attention.k_lin.", ".attention.self.key.",
            ".attention.v_lin.", ".attention.self.value.",
            ".attention.out_lin.", ".attention.output.dense.",
            ".sa_layer_norm.", ".attention.output.LayerNorm.",
            ".ffn.lin1.", ".intermediate.dense.",
            ".ffn.lin2.", ".output.dense.",
            ".output_layer_norm.", ".output.LayerNorm.");

    /** BERT's third table of embeddings, as {@link #published} takes names. */
    static final String TOKEN_TYPES = DISTILBERT.prefix() + "embeddings.token_type_embeddings.weight";

    private final String modelType;
    private final Pattern leftOut;

    Family(String modelType, String leftOut) {
        this.modelType = modelType;
        this.leftOut = Pattern.compile(leftOut);
    }

    /** What config.json calls it. */
    String modelType() {
        return modelType;
    }

    /** Whether a tensor belongs to a head, or is no weight. */
    boolean isLeftOut(String name) {
        return leftOut.matcher(name).matches();
    }

    /**
     * The names under which a weight is published, the one of today first: with the prefix that an encoder under a head has, or without;
     * of BERT's LayerNorms also by their names of 2018.
     *
     * @param name as {@link io.aisle.core.onnx.DistilBertConfig} lists it
     */
    List<String> published(String name) {
        String bare = name.substring(DISTILBERT.prefix().length());
        if (this == DISTILBERT) {
            return List.of(prefix() + bare, bare);
        }
        for (Map.Entry<String, String> renaming : BERT_NAMES.entrySet()) {
            bare = bare.replace(renaming.getKey(), renaming.getValue());
        }
        List<String> names = new ArrayList<>(List.of(prefix() + bare, bare));
        if (bare.contains("LayerNorm.")) {
            String old =
                    bare.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
            names.addAll(List.of(prefix() + old, old));
        }
        return names;
    }

    private String prefix() {
        return modelType + ".";
    }
}
