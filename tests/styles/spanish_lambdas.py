import numpy as np

σ = lambda z: 1 / (1 + np.exp(-z))
dσ = lambda s: s * (1 - s)
dth = lambda h: 1 - h * h
sumar = lambda M: M.sum(axis=1)[:, np.newaxis]


def suave(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def rnn_cell_forward(xt, a_prev, parameters):
    nuevo = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    salida = suave(parameters["Wya"] @ nuevo + parameters["by"])
    memoria = (nuevo, a_prev, xt, parameters)
    return nuevo, salida, memoria


def rnn_forward(x, a0, parameters):
    pasos = x.shape[2]
    memorias = []
    ocultos = np.zeros((a0.shape[0], a0.shape[1], pasos))
    salidas = np.zeros((parameters["by"].shape[0], a0.shape[1], pasos))
    oculto = a0
    for paso in range(pasos):
        oculto, salida, memoria = rnn_cell_forward(x[:, :, paso], oculto, parameters)
        ocultos[:, :, paso] = oculto
        salidas[:, :, paso] = salida
        memorias.append(memoria)
    return ocultos, salidas, (memorias, x)


def rnn_cell_backward(da_next, cache):
    nuevo, anterior, entrada, pesos = cache
    delta = da_next * dth(nuevo)
    return {
        "dxt": pesos["Wax"].T @ delta,
        "da_prev": pesos["Waa"].T @ delta,
        "dWax": delta @ entrada.T,
        "dWaa": delta @ anterior.T,
        "dba": sumar(delta),
    }


def rnn_backward(da, caches):
    memorias, entradas = caches
    n, m, pasos = da.shape
    respuesta = {"dx": np.zeros((entradas.shape[0], m, pasos)), "dWax": 0, "dWaa": 0, "dba": 0}
    vuelve = 0
    for paso in range(pasos - 1, -1, -1):
        g = rnn_cell_backward(da[:, :, paso] + vuelve, memorias[paso])
        vuelve = g["da_prev"]
        respuesta["dx"][:, :, paso] = g["dxt"]
        respuesta["dWax"] = respuesta["dWax"] + g["dWax"]
        respuesta["dWaa"] = respuesta["dWaa"] + g["dWaa"]
        respuesta["dba"] = respuesta["dba"] + g["dba"]
    respuesta["da0"] = vuelve
    return respuesta


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    pila = np.concatenate((a_prev, xt))
    puerta = lambda letra, f: f(parameters["W" + letra] @ pila + parameters["b" + letra])
    olvido = puerta("f", σ)
    actualiza = puerta("i", σ)
    candidato = puerta("c", np.tanh)
    salida = puerta("o", σ)
    celda = olvido * c_prev + actualiza * candidato
    oculto = salida * np.tanh(celda)
    y = suave(parameters["Wy"] @ oculto + parameters["by"])
    return oculto, celda, y, (oculto, celda, a_prev, c_prev, olvido, actualiza, candidato, salida, xt, parameters)


def lstm_forward(x, a0, parameters):
    pasos = x.shape[2]
    n, m = a0.shape
    ocultos = np.zeros((n, m, pasos))
    celdas = np.zeros((n, m, pasos))
    salidas = np.zeros((parameters["by"].shape[0], m, pasos))
    memorias = []
    oculto = a0
    celda = np.zeros((n, m))
    for paso in range(pasos):
        oculto, celda, y, memoria = lstm_cell_forward(x[:, :, paso], oculto, celda, parameters)
        ocultos[:, :, paso] = oculto
        celdas[:, :, paso] = celda
        salidas[:, :, paso] = y
        memorias.append(memoria)
    return ocultos, salidas, celdas, (memorias, x)


def lstm_cell_backward(da_next, dc_next, cache):
    oculto, celda, anterior, celda_anterior, f, i, k, o, entrada, pesos = cache
    n = oculto.shape[0]
    pila = np.concatenate((anterior, entrada))
    h = np.tanh(celda)
    d = dc_next + da_next * o * dth(h)
    df = d * celda_anterior * dσ(f)
    di = d * k * dσ(i)
    dk = d * i * dth(k)
    do = da_next * h * dσ(o)
    dpila = pesos["Wf"].T @ df + pesos["Wi"].T @ di + pesos["Wc"].T @ dk + pesos["Wo"].T @ do
    return {
        "dxt": dpila[n:],
        "da_prev": dpila[:n],
        "dc_prev": d * f,
        "dWf": df @ pila.T,
        "dbf": sumar(df),
        "dWi": di @ pila.T,
        "dbi": sumar(di),
        "dWc": dk @ pila.T,
        "dbc": sumar(dk),
        "dWo": do @ pila.T,
        "dbo": sumar(do),
    }


def lstm_backward(da, caches):
    memorias, entradas = caches
    n, m, pasos = da.shape
    ancho = n + entradas.shape[0]
    dx = np.zeros((entradas.shape[0], m, pasos))
    total = {"dWf": np.zeros((n, ancho)), "dWi": np.zeros((n, ancho)), "dWc": np.zeros((n, ancho)), "dWo": np.zeros((n, ancho)),
             "dbf": np.zeros((n, 1)), "dbi": np.zeros((n, 1)), "dbc": np.zeros((n, 1)), "dbo": np.zeros((n, 1))}
    vuelve_oculto = np.zeros((n, m))
    vuelve_celda = np.zeros((n, m))
    for paso in range(pasos - 1, -1, -1):
        llega = da[:, :, paso] + vuelve_oculto
        g = lstm_cell_backward(llega, vuelve_celda, memorias[paso])
        vuelve_oculto = g["da_prev"]
        vuelve_celda = g["dc_prev"]
        dx[:, :, paso] = g["dxt"]
        for clave in total:
            total[clave] = total[clave] + g[clave]
    total["dx"] = dx
    total["da0"] = vuelve_oculto
    return total
