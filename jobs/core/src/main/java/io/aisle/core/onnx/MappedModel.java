package io.aisle.core.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.protobuf.AbstractMessage;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ONNX file whose weights stay in it. Read as an ordinary message, they would be copied three times before the network runs; here the
 * graph alone is read, and says of each weight where in the same file it lies (ONNX's external data), so that ONNX Runtime maps it into
 * memory. Processes of one machine then share the pages of what it uses as it lies there, the word embeddings above all; matrices it packs
 * for its kernels, a copy a process.
 *
 * @param file what was read, and must stay as it is while it is used
 * @param model the graph; of weights above a kilobyte the place instead of the content
 */
record MappedModel(Path file, ModelProto model) {
    private static final int MIN_MAPPED_BYTES = 1024;
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";

    /**
     * Reads the graph, skipping over the weights.
     *
     * @throws com.google.protobuf.InvalidProtocolBufferException if the file is no ONNX model
     */
    static MappedModel read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
            ModelProto.Builder model = ModelProto.newBuilder();
            readFields(
                    coded,
                    model,
                    ModelProto.GRAPH_FIELD_NUMBER,
                    graph -> readFields(
                            graph,
                            model.getGraphBuilder(),
                            GraphProto.INITIALIZER_FIELD_NUMBER,
                            tensor -> readTensor(
                                    tensor, file, model.getGraphBuilder().addInitializerBuilder())));
            return new MappedModel(file, model.build());
        }
    }

    /** Opens the network. */
    OrtSession open(SessionOptions options) throws OrtException {
        return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
    }

    /** The same graph with other nodes or outputs. */
    MappedModel with(GraphProto.Builder graph) {
        return new MappedModel(file, model.toBuilder().setGraph(graph).build());
    }

    /** A weight with its content, little-endian, mapped and not copied. */
    TensorProto whole(TensorProto tensor) throws IOException {
        if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return tensor;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteString content = UnsafeByteOperations.unsafeWrap(
                    channel.map(FileChannel.MapMode.READ_ONLY, place(tensor, OFFSET), place(tensor, LENGTH)));
            return tensor.toBuilder()
                    .clearDataLocation()
                    .clearExternalData()
                    .setRawData(content)
                    .build();
        }
    }

    private static long place(TensorProto tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .mapToLong(entry -> Long.parseLong(entry.getValue()))
                .findFirst()
                .orElseThrow();
    }

    private interface Reader {
        void read(CodedInputStream in) throws IOException;
    }

    /** Reads a message, one of its fields by a reader of its own. */
    private static void readFields(
            CodedInputStream in, AbstractMessage.Builder<?> message, int field, Reader fieldReader) throws IOException {
        UnknownFieldSet.Builder others = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == field) {
                int limit = in.pushLimit(in.readRawVarint32());
                fieldReader.read(in);
                in.popLimit(limit);
            } else {
                others.mergeFieldFrom(tag, in);
            }
        }
        message.mergeFrom(others.build().toByteString());
    }

    private static void readTensor(CodedInputStream in, Path file, TensorProto.Builder tensor) throws IOException {
        UnknownFieldSet.Builder others = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != TensorProto.RAW_DATA_FIELD_NUMBER) {
                others.mergeFieldFrom(tag, in);
                continue;
            }
            int length = in.readRawVarint32();
            if (length < MIN_MAPPED_BYTES) {
                tensor.setRawData(ByteString.copyFrom(in.readRawBytes(length)));
            } else {
                tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", file.toAbsolutePath().toString()))
                        .addExternalData(entry(OFFSET, Integer.toString(in.getTotalBytesRead())))
                        .addExternalData(entry(LENGTH, Integer.toString(length)));
                in.skipRawBytes(length);
            }
        }
        tensor.mergeFrom(others.build().toByteString());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
