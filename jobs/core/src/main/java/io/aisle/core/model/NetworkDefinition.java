package io.aisle.core.model;

import io.aisle.core.onnx.Device;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A network that reads word pieces.
 *
 * @param maxTokens word pieces a text may have, [CLS] and [SEP] included
 * @param network the encoder's sizes
 * @param precision of its file
 */
public record NetworkDefinition(
        TextRecipe recipe,
        int maxTokens,
        List<CategoryPath> labels,
        SortedMap<String, String> foldMap,
        DistilBertConfig network,
        Precision precision)
        implements ModelDefinition {
    public static final String KIND = "distilbert";

    public NetworkDefinition {
        labels = ModelDefinition.checked(labels);
        foldMap = ModelDefinition.sorted(foldMap);
        if (maxTokens < TextRecipe.MIN_TOKENS || maxTokens > network.maxPositions()) {
            throw new IllegalArgumentException("Cannot define a model: found " + maxTokens + " max tokens, expected "
                    + TextRecipe.MIN_TOKENS + " to the network's " + network.maxPositions() + " positions");
        }
    }

    /** Of float32; takes a fold map of any order. */
    public static NetworkDefinition of(
            TextRecipe recipe,
            int maxTokens,
            List<CategoryPath> labels,
            Map<String, String> foldMap,
            DistilBertConfig network) {
        return new NetworkDefinition(
                recipe, maxTokens, labels, ModelDefinition.sorted(foldMap), network, Precision.FLOAT32);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> files() {
        return BundledNetwork.FILES;
    }

    @Override
    public Map<String, NetworkDefinition> networks() {
        return Map.of("", this);
    }

    @Override
    public NetworkDefinition in(Precision other) {
        return new NetworkDefinition(recipe, maxTokens, labels, foldMap, network, other);
    }

    @Override
    public Classifier open(Path bundle, int threads, Device device) {
        return DistilBertClassifier.open(bundle, this, threads, device);
    }

    @Override
    public List<String> describe() {
        List<String> items = new ArrayList<>(List.of(
                "Reads " + maxTokens + " word pieces at most, of `vocab.txt`, joined by the recipe in `manifest.json`.",
                "`model.onnx`: `input_ids` and `attention_mask` (int64 [batch, tokens]) to `logits` (float [batch, labels]),"
                        + " log-probabilities with the calibration in them.",
                "DistilBERT of " + network.layers() + " layers, " + network.dim() + " wide, " + network.heads()
                        + " heads."));
        switch (precision) {
            case INT8 ->
                items.add(
                        "Its linear layers multiply 8-bit integers: weights with a scale an output, and what they read with"
                                + " scales fixed from validation rows. It runs on ONNX Runtime.");
            case FLOAT16 ->
                items.add("Its encoder computes in float16, for GPUs; what reads the encoder's states, in float32.");
            case FLOAT32 -> {}
        }
        return items;
    }
}
