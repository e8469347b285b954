package io.aisle.batch.score;

import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.NetworkDefinition;
import java.util.Optional;

/** What executes a bundle's network. Both read the same token ids; their probabilities agree within 1e-4. */
public enum Engine {
    /** Spark NLP's DistilBertForSequenceClassification, in a PipelineModel that is built from the bundle. */
    SPARK_NLP,
    /** ONNX Runtime directly, in batches of rows of like length; one session a JVM. A model without a network is scored by core itself. */
    ONNX;

    /** The engine that was asked for; else Spark NLP, where the model has a network that it could run. */
    public static Engine of(Optional<Engine> asked, ModelDefinition model) {
        return asked.orElse(model instanceof NetworkDefinition ? SPARK_NLP : ONNX);
    }
}
