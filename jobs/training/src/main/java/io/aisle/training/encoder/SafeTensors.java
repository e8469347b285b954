package io.aisle.training.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A safetensors file (github.com/huggingface/safetensors, "Format"): 8 bytes with the header's length, little-endian; the header, JSON
 * from name to {@code dtype}, {@code shape} and {@code data_offsets}; the data, which the tensors cover without gap or overlap.
 *
 * <p>The header is read and checked at once, a tensor when it is asked for, by mapping its part of the file.
 */
final class SafeTensors implements AutoCloseable {
    /** Room for a hundred thousand tensors. The format allows more, which garbage could make this program allocate. */
    static final long MAX_HEADER_BYTES = 1 << 24;

    private static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final long SEGMENT_BYTES = 1L << 30;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MAX_SHOWN = 400;

    /** A little below the largest index: the longest array that every JVM can make. */
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final FileChannel channel;
    private final long segmentBytes;
    private final long dataStart;
    private final SortedMap<String, Entry> entries;

    private SafeTensors(Path file, FileChannel channel, long segmentBytes) throws IOException {
        this.file = file;
        this.channel = channel;
        this.segmentBytes = segmentBytes;
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw bad("a file of " + size + " bytes", "at least " + LENGTH_BYTES);
        }
        long headerBytes = bytes(0, LENGTH_BYTES).getLong();
        long limit = Math.min(MAX_HEADER_BYTES, size - LENGTH_BYTES);
        if (headerBytes < 0 || headerBytes > limit) {
            throw bad("a header of " + Long.toUnsignedString(headerBytes) + " bytes", "at most " + limit);
        }
        dataStart = LENGTH_BYTES + headerBytes;
        entries = entries(bytes(LENGTH_BYTES, (int) headerBytes).array(), size - dataStart);
    }

    /**
     * What the header says of one tensor.
     *
     * @param begin of its bytes, counted from the start of the data
     * @param end one behind its last byte
     */
    record Entry(Dtype dtype, long[] shape, long begin, long end) {
        private long bytes() {
            return end - begin;
        }
    }

    /**
     * Opens a file.
     *
     * @throws UserException if it cannot be read, or is cut off or broken
     */
    static SafeTensors open(Path file) {
        return open(file, SEGMENT_BYTES);
    }

    /**
     * Opens a file that is mapped in segments.
     *
     * @param segmentBytes at most 2 GB, a multiple of 4
     */
    static SafeTensors open(Path file, long segmentBytes) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return new SafeTensors(file, channel, segmentBytes);
            } catch (UserException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw notReadable(file, e);
        }
    }

    /** The tensors by name; unmodifiable. */
    SortedMap<String, Entry> entries() {
        return entries;
    }

    /**
     * Reads one tensor.
     *
     * @throws UserException if it is of a type that is not {@link Dtype#isFloat}, or the file cannot be read
     */
    Tensor read(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("Cannot read " + name + " from " + file + ": found no such tensor");
        }
        if (!entry.dtype.isFloat()) {
            throw new UserException("Cannot read " + name + " from " + file + ": found dtype " + entry.dtype
                    + ", expected one of " + Dtype.FLOATS + ". Save the encoder as float32.");
        }
        long count = entry.bytes() / entry.dtype.bytes();
        if (count > MAX_VALUES) {
            throw new UserException("Cannot read " + name + " from " + file + ": found " + count
                    + " values, expected at most " + MAX_VALUES + ". Use a smaller encoder.");
        }
        float[] values = new float[(int) count];
        int done = 0;
        try {
            for (long at = entry.begin; at < entry.end; at += segmentBytes) {
                long length = Math.min(segmentBytes, entry.end - at);
                ByteBuffer segment = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + at, length)
                        .order(ByteOrder.LITTLE_ENDIAN);
                entry.dtype.decode(segment, values, done);
                done += (int) (length / entry.dtype.bytes());
            }
        } catch (IOException e) {
            throw notReadable(file, e);
        }
        return new Tensor(entry.shape.clone(), values);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw notReadable(file, e);
        }
    }

    /** Writes tensors as F32 in the order of their names. The file appears, or is replaced, when it is whole. */
    static void write(Path file, SortedMap<String, Tensor> tensors) throws IOException {
        byte[] header = header(tensors);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(
                    partial,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(channel, length.putLong(header.length).flip());
                writeAll(channel, ByteBuffer.wrap(header));
                for (Tensor tensor : tensors.values()) {
                    writeAll(channel, tensor.values());
                }
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** Padded with spaces, so that the data is aligned. */
    private static byte[] header(SortedMap<String, Tensor> tensors) throws JsonProcessingException {
        ObjectNode header = MAPPER.createObjectNode();
        // transformers refuses a file that does not say which library's layout its tensors have
        header.putObject(METADATA).put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", Dtype.F32.name());
            Arrays.stream(tensor.getValue().shape()).forEach(entry.putArray("shape")::add);
            long end = offset + (long) Dtype.F32.bytes() * tensor.getValue().values().length;
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = MAPPER.writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeAll(FileChannel channel, float[] values) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = CHUNK_BYTES / Float.BYTES;
        for (int from = 0; from < values.length; from += perChunk) {
            int count = Math.min(perChunk, values.length - from);
            chunk.clear().asFloatBuffer().put(values, from, count);
            writeAll(channel, chunk.limit(count * Float.BYTES));
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private SortedMap<String, Entry> entries(byte[] json, long dataBytes) {
        SortedMap<String, Entry> found = new TreeMap<>();
        JsonNode header = parsed(json);
        header.fields().forEachRemaining(field -> {
            if (!field.getKey().equals(METADATA)) {
                found.put(field.getKey(), entry(field.getKey(), field.getValue(), dataBytes));
            }
        });
        List<String> byPlace = new ArrayList<>(found.keySet());
        byPlace.sort(Comparator.comparingLong((String name) -> found.get(name).begin)
                .thenComparingLong(name -> found.get(name).end));
        long covered = 0;
        for (String name : byPlace) {
            if (found.get(name).begin != covered) {
                throw bad(name + " at byte " + found.get(name).begin + " of the data", "it at byte " + covered);
            }
            covered = found.get(name).end;
        }
        if (covered != dataBytes) {
            throw bad(dataBytes + " bytes of data", covered + " by its header");
        }
        return Collections.unmodifiableSortedMap(found);
    }

    private JsonNode parsed(byte[] json) {
        try {
            JsonNode header = MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
            if (!header.isObject()) {
                throw bad("a header that is no JSON object", "one");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw bad("a header that does not parse (" + e.getOriginalMessage() + ")", "JSON");
        }
    }

    private Entry entry(String name, JsonNode json, long dataBytes) {
        Dtype dtype = Dtype.of(json.path("dtype").asText())
                .orElseThrow(() -> bad(
                        "dtype " + shown(json.path("dtype")) + " of " + name,
                        "one of " + Arrays.toString(Dtype.values())));
        long[] shape = longs(json.path("shape"));
        long[] offsets = longs(json.path("data_offsets"));
        if (shape == null || offsets == null || offsets.length != 2) {
            throw bad(
                    "shape " + shown(json.path("shape")) + " and data_offsets " + shown(json.path("data_offsets"))
                            + " of " + name,
                    "lists of whole numbers, two offsets");
        }
        if (offsets[0] > offsets[1] || offsets[1] > dataBytes) {
            throw bad(
                    name + " at bytes " + offsets[0] + " to " + offsets[1],
                    "it within the " + dataBytes + " bytes of data");
        }
        long bytes = offsets[1] - offsets[0];
        if (!isSize(bytes, dtype, shape)) {
            throw bad(bytes + " bytes for " + name, "as many as " + dtype + " " + Arrays.toString(shape) + " takes");
        }
        return new Entry(dtype, shape, offsets[0], offsets[1]);
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }

    private static boolean isSize(long bytes, Dtype dtype, long[] shape) {
        try {
            return bytes == Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact);
        } catch (ArithmeticException overflow) {
            return false;
        }
    }

    /** Null where the JSON is no list of whole numbers of at least 0. */
    private static long[] longs(JsonNode list) {
        if (!list.isArray()) {
            return null;
        }
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = list.get(i);
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                return null;
            }
            values[i] = value.longValue();
        }
        return values;
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private UserException bad(String found, String expected) {
        // what is found may be as long as the header
        String shown = found.length() <= MAX_SHOWN ? found : found.substring(0, MAX_SHOWN) + "…";
        return new UserException(
                "Cannot read " + file + ": found " + shown + ", expected " + expected
                        + ". It is cut off, broken, or no safetensors file (but a pointer of Git LFS, for example). Fetch it again.");
    }

    private static UserException notReadable(Path file, IOException cause) {
        return new UserException(
                "Cannot read " + file + ": found " + cause
                        + ", expected a safetensors file. Check the path and its permissions.",
                cause);
    }
}
