package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the linear layers of a network multiply in. */
public enum Precision {
    @JsonProperty("float32")
    FLOAT32,
    /** Made of a float32 network by {@link io.aisle.core.onnx.Int8Quantizer}. */
    @JsonProperty("int8")
    INT8
}
