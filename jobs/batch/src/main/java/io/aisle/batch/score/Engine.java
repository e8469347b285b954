package io.aisle.batch.score;

/** What executes a bundle's network. Both read the same token ids; their probabilities agree within 1e-4. */
public enum Engine {
    /** Spark NLP's DistilBertForSequenceClassification, in a PipelineModel that is built from the bundle. */
    SPARK_NLP,
    /** ONNX Runtime directly, in batches of rows of like length; one session a JVM. */
    ONNX
}
