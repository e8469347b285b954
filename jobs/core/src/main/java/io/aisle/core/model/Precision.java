package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the encoder of a network computes in. */
public enum Precision {
    @JsonProperty("float32")
    FLOAT32,
    /** Its linear layers alone; made of a float32 network by {@link io.aisle.core.onnx.Int8Quantizer}. */
    @JsonProperty("int8")
    INT8,
    /** Made of a float32 network by {@link io.aisle.core.onnx.Float16Converter}. */
    @JsonProperty("float16")
    FLOAT16
}
